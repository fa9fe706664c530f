import { describe, expect, it } from '@jest/globals';
import { profileSchema } from '../profile/profile.js';
import { UnreadableFile } from '../report.js';
import { readCsv } from './read-csv.js';
import { readHeader } from './header.js';
import type { Bytes, Row } from './row.js';

async function* inPieces(file: Uint8Array, size: number): Bytes {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

async function read(file: string | Uint8Array, size = 1 << 16) {
  const rows: Row[] = [];
  for await (const row of readCsv(inPieces(Buffer.from(file), size), ',')) rows.push(row);
  return rows;
}

async function faultOf(file: string | Uint8Array) {
  const error = await read(file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnreadableFile);
  return (error as UnreadableFile).faults[0];
}

describe('readCsv', () => {
  it('tells the line on which each record begins, whatever stands in its cells', async () => {
    const rows = await read('\ufeffa,b\r\n1,"x\r\ny"\r\n\r\n\r\n"m\nn",3\r\n4,5\r\n,\r\n6,"7"');
    expect(rows).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', 'x\r\ny'] },
      { line: 6, cells: ['m\nn', '3'] },
      { line: 8, cells: ['4', '5'] },
      { line: 10, cells: ['6', '7'] },
    ]);
  });

  it('puts characters together that arrive in pieces', async () => {
    const rows = await read('\ufeffAzərbaycan,“né”\n', 1);
    expect(rows).toEqual([{ line: 1, cells: ['Azərbaycan', '“né”'] }]);
  });

  it('answers nothing for an empty file', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\r\n\r\n')).toEqual([]);
  });

  it.each([
    ['a quotation mark that is never closed', 'a,b\n1,2\n"3,4\n5,6\n', 3, 'QuoteNotClosed'],
    ['one that swallows the rest of a large file', `a\n"${'x'.repeat(2 << 20)}`, 2, 'RecordTooLong'],
    ['a quotation mark within a cell', 'a,b\n1,2\n3 "x" 4,5\n', 3, 'QuoteMisplaced'],
    ['text after a closing quotation mark', 'a,b\n"1"x,2\n', 2, 'QuoteMisplaced'],
  ])('names %s', async (_, file, row, code) => {
    expect(await faultOf(file)).toMatchObject({ row, code });
  });

  it('names bytes that are not UTF-8', async () => {
    expect(await faultOf(Buffer.from([0x61, 0x0a, 0xe9, 0x2c, 0x62]))).toMatchObject({ code: 'NotUtf8' });
    expect(await faultOf(Buffer.from('\ufeffa,b\n', 'utf16le'))).toMatchObject({ code: 'NotUtf8' });
  });
});

describe('readHeader', () => {
  const profile = profileSchema.parse({
    profileVersion: 1,
    name: 'x',
    title: 'x',
    columns: { required: ['a', 'b'], optional: ['c'] },
  });
  const codes = (cells: string[] | undefined) => {
    try {
      return readHeader(cells && { line: 1, cells }, profile);
    } catch (error) {
      return (error as UnreadableFile).faults.map(({ code, column }) => `${code} ${column ?? ''}`.trim());
    }
  };

  it('takes the columns in any order', () => expect(codes(['c', ' b ', 'a'])).toEqual(['c', 'b', 'a']));
  it('names everything that is wrong at once', () =>
    expect(codes(['a', 'a', 'd'])).toEqual(['DuplicateColumn a', 'UnknownColumn d', 'MissingColumn b']));
  it('names an empty file', () => expect(codes(undefined)).toEqual(['EmptyFile']));
});
