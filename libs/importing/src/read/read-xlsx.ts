import { unzipSync } from 'fflate';
import { readSheet } from 'read-excel-file/node';
import { unreadable } from '../report.js';
import { isBlank, type Bytes, type Row } from './row.js';

/** A workbook is held in memory whole: past these sizes it must be saved as CSV, which is streamed. */
const MAX_FILE = 10 << 20;
const MAX_UNPACKED = 100 << 20;

/**
 * Rows of a workbook's first sheet, dates as YYYY-MM-DD, blank rows left out.
 * @throws UnreadableFile when it is no workbook, or too large to hold in memory
 */
export async function* readXlsx(bytes: Bytes): AsyncGenerator<Row> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_FILE) throw tooLarge();
    chunks.push(chunk);
  }
  const file = Buffer.concat(chunks);
  checkUnpackedSize(file);
  const sheet = await readSheet(file).catch((error: Error) => {
    throw unreadable(1, 'NotXlsx', `not a readable workbook: ${error.message}`);
  });
  for (const [index, cells] of sheet.entries()) {
    const row = { line: index + 1, cells: cells.map(asText) };
    if (!isBlank(row)) yield row;
  }
}

/** Unpacks nothing: the directory of the archive tells the sizes. */
function checkUnpackedSize(file: Uint8Array): void {
  let unpacked = 0;
  try {
    unzipSync(file, {
      filter: ({ originalSize }) => {
        unpacked += originalSize;
        return false;
      },
    });
  } catch {
    throw unreadable(1, 'NotXlsx', 'not a workbook (.xlsx)');
  }
  if (unpacked > MAX_UNPACKED) throw tooLarge();
}

function tooLarge() {
  return unreadable(
    1,
    'WorkbookTooLarge',
    `a workbook may have ${MAX_FILE >> 20} MB (${MAX_UNPACKED >> 20} MB unpacked); save it as CSV, of which any size will do`,
  );
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}
