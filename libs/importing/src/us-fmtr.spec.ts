import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { importRecords } from './import-records.js';
import { loadBuiltInProfile } from './profile/load-profile.js';
import type { ImportSummary, RowFinding } from './report.js';
import { openTestStores, type Recorded, type TestStores } from './testing/stores.js';

const FILE = '../shared/data/us-training/azerbaijan.csv';
const present = existsSync(FILE);
if (!present) console.warn(`SKIPPED: ${FILE} is not here; the import of 2,608 printed lines is not tested`);

(present ? describe : describe.skip)('2,608 lines of the Foreign Military Training report', () => {
  let stores: TestStores;
  let rehearsal: ImportSummary;
  let first: ImportSummary;
  let events: Recorded[];
  const errors: RowFinding[] = [];

  const run = async (dryRun: boolean, onError?: (error: RowFinding) => void) =>
    importRecords(stores, {
      file: createReadStream(FILE),
      format: 'csv',
      profile: await loadBuiltInProfile('us-fmtr'),
      actor: { id: 'importer', roles: [] },
      dryRun,
      onError,
    });

  beforeAll(async () => {
    stores = await openTestStores();
    rehearsal = await run(true);
    first = await run(false, (error) => errors.push(error));
    events = await stores.events();
  }, 120_000);
  afterAll(() => stores?.close());

  it('accounts for every line, and the dry run says beforehand what the import does', () => {
    expect(first.rows).toBe(2608);
    expect(first.accepted + first.leftOut + first.rejected).toBe(2608);
    expect({ ...rehearsal, dryRun: false, written: true }).toEqual(first);
    expect(new Set(events.map(({ stream }) => stream)).size).toBe(first.created);
  });

  it('rejects few lines, each for a reason that names its cell', () => {
    expect(errors).toEqual([
      expect.objectContaining({ row: 850, column: 'start_date', code: 'InvalidDate', value: '12/10/207 ' }),
      expect.objectContaining({
        row: 1627,
        column: 'end_date_iso',
        code: 'EndBeforeStart',
        value: '2008-06-01',
      }),
      expect.objectContaining({ row: 2036, column: 'course_title', code: 'Missing', value: '' }),
    ]);
    expect(new Set(errors.map(({ row }) => row)).size).toBe(first.rejected);
  });

  it('makes no activity of a sub-total', () => {
    expect(Object.values(first.leftOutBy).reduce((a, b) => a + b)).toBe(first.leftOut);
    const titles = events.flatMap((event) =>
      event.type === 'ActivityLogged' || event.type === 'ActivityPlanned' ? [event.data.title] : [],
    );
    expect(titles).toHaveLength(first.created);
    expect(titles.filter((title) => title === '' || /totals?/i.test(title))).toEqual([]);
  });

  it('records as many attendances a year as an independent count of the printed lines', () => {
    expect(attendancesRecorded(events)).toEqual(attendancesPrinted(readFileSync(FILE, 'utf8')));
  });

  it('plans and cancels what the report calls cancelled', () => {
    expect(events.filter(({ type }) => type === 'ActivityCancelled')).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'ActivityPlanned')).toHaveLength(2);
  });

  it('adds nothing when it is imported again', async () => {
    const again = await run(false);
    expect(again).toMatchObject({ created: 0, unchanged: first.created, rejected: first.rejected });
    expect(await stores.events()).toHaveLength(events.length);
  });
});

function attendancesRecorded(events: readonly Recorded[]): Record<string, number> {
  const yearOf = new Map<string, string>();
  const attendances: Record<string, number> = {};
  for (const event of events) {
    if (event.type === 'ActivityLogged') yearOf.set(event.stream, event.data.held.startsOn.slice(0, 4));
    if (event.type !== 'ParticipationRecorded') continue;
    const year = yearOf.get(event.stream)!;
    attendances[year] = (attendances[year] ?? 0) + event.data.total;
  }
  return attendances;
}

/** Knows nothing of the importer or its profile: the file, and the rules of the table's description. */
function attendancesPrinted(text: string): Record<string, number> {
  const attendances: Record<string, number> = {};
  for (const line of parse(text, { columns: true, trim: true }) as Record<string, string>[]) {
    const { course_title: title, quantity, start_date_iso: start, end_date_iso: end } = line;
    if (!title || /Program Totals$/.test(title)) continue;
    if (start && end && start < end === false && start !== end) continue;
    const number = parseInt(quantity!, 10);
    const shifted = / (\d+)\/(\d+)\/(\d{4})$/.exec(line.total_cost_usd!)?.[3];
    const fiscal = /FY ?(\d\d)$/.exec(line.program!)?.[1];
    const year = start?.slice(0, 4) || shifted || (line.start_date ? '' : `20${fiscal}`);
    if (year === '' || Number.isNaN(number) || line.recipient_unit === 'Cancelled') continue;
    attendances[year] = (attendances[year] ?? 0) + number;
  }
  return attendances;
}
