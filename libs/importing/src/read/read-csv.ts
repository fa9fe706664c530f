import { pipeline, Readable } from 'node:stream';
import { parse, CsvError } from 'csv-parse';
import { unreadable } from '../report.js';
import { isBlank, type Bytes, type Row } from './row.js';

/** No honest record is longer; a quotation mark that is never closed would make one of the rest of the file. */
const MAX_RECORD = 1 << 20;

/**
 * Records of a CSV file (RFC 4180, UTF-8 with or without a mark, any line ends), blank lines left out, one at a time.
 * @throws UnreadableFile where the file is not such a one
 */
export async function* readCsv(bytes: Bytes, delimiter: string): AsyncGenerator<Row> {
  let line = 1;
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    max_record_size: MAX_RECORD,
    // The parser counts a CRLF within quotation marks twice, so lines are counted here.
    on_record: (cells: string[]) => {
      const row = { line, cells };
      line += 1 + cells.reduce((lines, cell) => lines + lineEnds(cell), 0);
      // Its type wants back what it gave.
      return (isBlank(row) ? null : row) as never;
    },
  });
  // What goes wrong destroys the parser, whose iteration then throws it.
  pipeline(Readable.from(decodeUtf8(bytes)), parser, () => undefined);
  try {
    yield* parser as AsyncIterable<Row>;
  } catch (error) {
    throw error instanceof CsvError ? named(error, line) : error;
  }
}

function lineEnds(cell: string): number {
  return cell.match(/\r\n|\n|\r/g)?.length ?? 0;
}

async function* decodeUtf8(bytes: Bytes): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  try {
    for await (const chunk of bytes) {
      const text = decoder.decode(chunk, { stream: true });
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line++;
      if (text !== '') yield text;
    }
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw unreadable(
      line,
      'NotUtf8',
      'the file is not UTF-8 from about this line on; save it as "CSV UTF-8"',
    );
  }
}

const UNCLOSED = ['QuoteNotClosed', 'a quotation mark opened in this record is never closed'] as const;
const MISPLACED = [
  'QuoteMisplaced',
  'a quotation mark within a cell: double it and put the cell in quotation marks',
] as const;
const NAMED: Readonly<Record<string, readonly [code: string, message: string]>> = {
  CSV_QUOTE_NOT_CLOSED: UNCLOSED,
  CSV_MAX_RECORD_SIZE: [
    'RecordTooLong',
    `this record is over ${MAX_RECORD >> 20} MB, or a quotation mark in it is never closed`,
  ],
  CSV_INVALID_CLOSING_QUOTE: MISPLACED,
  INVALID_OPENING_QUOTE: MISPLACED,
};

function named(error: CsvError, line: number) {
  return unreadable(line, ...(NAMED[error.code] ?? (['NotCsv', error.message] as const)));
}
