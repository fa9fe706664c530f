import { strFromU8, Unzip, UnzipInflate, unzipSync } from 'fflate';
import { unreadable } from '../report.js';
import { isBlank, type Bytes, type Row } from './row.js';

/** A workbook is held in memory whole: past these sizes it must be saved as CSV, which is streamed. */
const MAX_FILE = 10 << 20;
const MAX_UNPACKED = 32 << 20;
/** Bytes unpacked at a time; a byte may stand for a thousand. */
const SLICE = 16 << 10;
const FIRST_SHEET = 'xl/worksheets/sheet1.xml';

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
  checkErrorCells(file);
  // Loaded only here: few instances read many sheets, and each would start later for it.
  const { readSheet } = await import('read-excel-file/node');
  const sheet = await readSheet(file).catch((error: Error) => {
    throw unreadable(1, 'NotXlsx', `not a readable workbook: ${error.message}`);
  });
  for (const [index, cells] of sheet.entries()) {
    const row = { line: index + 1, cells: cells.map(asText) };
    if (!isBlank(row)) yield row;
  }
}

/** Unpacks everything once, keeping nothing: the sizes that the archive tells may be wrong. */
function checkUnpackedSize(file: Uint8Array): void {
  let unpacked = 0;
  let entries = 0;
  const archive = new Unzip((entry) => {
    entries++;
    entry.ondata = (error, chunk) => {
      if (error) throw error;
      unpacked += chunk.length;
    };
    entry.start();
  });
  archive.register(UnzipInflate);
  try {
    for (let at = 0; at < file.length && unpacked <= MAX_UNPACKED; at += SLICE) {
      archive.push(file.subarray(at, at + SLICE), at + SLICE >= file.length);
    }
  } catch {
    entries = 0;
  }
  if (unpacked > MAX_UNPACKED) throw tooLarge();
  if (entries === 0) throw notXlsx();
}

/** The reader takes a cell such as #DIV/0! for a blank one; what is an error there must not become "not recorded" here. */
function checkErrorCells(file: Uint8Array): void {
  let sheet: Uint8Array | undefined;
  try {
    sheet = unzipSync(file, { filter: ({ name }) => name === FIRST_SHEET })[FIRST_SHEET];
  } catch {
    throw notXlsx();
  }
  if (!sheet) return;
  const cells = [...strFromU8(sheet).matchAll(/<c\b[^>]*\bt="e"[^>]*>/g)];
  if (cells.length === 0) return;
  const names = cells.slice(0, 10).map(([cell]) => /\br="([A-Z]+\d+)"/.exec(cell)?.[1] ?? '?');
  const more = cells.length > names.length ? ` and ${cells.length - names.length} more` : '';
  throw unreadable(1, 'ErrorCells', `cells hold errors such as #DIV/0!: ${names.join(', ')}${more}`);
}

const notXlsx = () => unreadable(1, 'NotXlsx', 'not a workbook (.xlsx)');

function tooLarge() {
  return unreadable(
    1,
    'WorkbookTooLarge',
    `a workbook may have ${MAX_FILE >> 20} MB (${MAX_UNPACKED >> 20} MB unpacked); save it as CSV, of which any size will do`,
  );
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (!(value instanceof Date)) return String(value);
  return Number.isNaN(value.getTime()) ? 'not a date' : value.toISOString().slice(0, 10);
}
