import { describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { UnreadableFile } from '../report.js';
import { readXlsx } from './read-xlsx.js';
import type { Row } from './row.js';

const part = (xml: string) => strToU8(`<?xml version="1.0" encoding="UTF-8"?>${xml}`);
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The least that is a workbook; style 1 is a date. */
function workbook(rows: string): Uint8Array {
  const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return zipSync({
    '[Content_Types].xml': part(
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
       <Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>
       <Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`,
    ),
    'xl/workbook.xml': part(
      `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': part(
      `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
       <Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/styles.xml': part(
      `<styleSheet xmlns="${MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
    ),
    'xl/worksheets/sheet1.xml': part(`<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`),
  });
}

const text = (at: string, value: string) => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;

async function read(file: Uint8Array): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readXlsx(
    (async function* () {
      yield file;
    })(),
  ))
    rows.push(row);
  return rows;
}

describe('readXlsx', () => {
  it('gives texts, numbers and dates, with the numbers of their rows', async () => {
    const rows = await read(
      workbook(
        `<row r="1">${text('A1', 'title')}${text('B1', 'startsOn')}${text('C1', 'total')}</row>` +
          `<row r="3">${text('A3', 'Seminar')}<c r="B3" s="1"><v>45000</v></c><c r="C3"><v>12</v></c></row>`,
      ),
    );
    expect(rows).toEqual([
      { line: 1, cells: ['title', 'startsOn', 'total'] },
      { line: 3, cells: ['Seminar', '2023-03-15', '12'] },
    ]);
  });

  it('leaves a date that is none to be named by its row', async () => {
    const rows = await read(workbook('<row r="1"><c r="A1" s="1"><v>99999999999</v></c></row>'));
    expect(rows).toEqual([{ line: 1, cells: ['not a date'] }]);
  });

  it.each([
    ['a cell with an error', workbook('<row r="1"><c r="B1" t="e"><v>#DIV/0!</v></c></row>'), 'B1'],
    ['no archive', strToU8('PK, or so it says'), 'not a workbook'],
    ['an archive cut short', workbook('').subarray(0, 300), 'not a'],
    ['one that unpacks to too much', zipSync({ 'xl/x.xml': new Uint8Array(40 << 20) }), 'save it as CSV'],
  ])('refuses %s', async (_, file, message) => {
    await expect(read(file)).rejects.toThrow(UnreadableFile);
    await expect(read(file)).rejects.toThrow(message);
  });

  it('does not believe the sizes that an archive tells of itself', async () => {
    const file = zipSync({ 'xl/x.xml': new Uint8Array(40 << 20) });
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    for (let at = 0; at < file.length - 4; at++) {
      // The local header and the directory's entry, each with the size unpacked.
      if (view.getUint32(at, true) === 0x04034b50) view.setUint32(at + 22, 1000, true);
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 1000, true);
    }
    await expect(read(file)).rejects.toThrow('save it as CSV');
  });
});
