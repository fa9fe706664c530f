import { createReadStream } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandExecutor } from '#event-sourcing';
import { importRecords, type ImportOptions } from './import-records.js';
import { loadBuiltInProfile } from './profile/load-profile.js';
import type { RowFinding } from './report.js';
import { openTestStores, type TestStores } from './testing/stores.js';

const HEADER =
  'title,kind,programme,role,startsOn,endsOn,reference,participation.institution,participation.total';
const GOOD = 'Course A,course,ipcp,participant,2020-01-06,2020-01-10,,Ministry,3';

describe('importRecords', () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await openTestStores();
  });
  beforeEach(() => stores.empty());
  afterAll(() => stores.close());

  async function run(
    file: string | ImportOptions['file'],
    given: Partial<ImportOptions> & { name?: string } = {},
  ) {
    const errors: RowFinding[] = [];
    const warnings: RowFinding[] = [];
    const summary = await importRecords(stores, {
      file: typeof file === 'string' ? inOnePiece(file) : file,
      format: 'csv',
      profile: await loadBuiltInProfile(given.name ?? 'activities'),
      actor: { id: 'staff-1', roles: [] },
      onError: (error) => void errors.push(error),
      onWarning: (warning) => void warnings.push(warning),
      ...given,
    });
    return { summary, errors, warnings };
  }

  it('takes every field of a logged activity, several participations and costs of one reference', async () => {
    const header = [
      'title,kind,programme,area,organiser.name,organiser.kind,organiser.country,delivery,place.country,place.city',
      'place.venue,role,startsOn,endsOn,subtype,reference,goalIds,quota,summary,held.startsOn,held.endsOn',
      'participation.country,participation.institution,participation.role,participation.total,participation.military',
      'participation.civilian,participation.female,participation.male,cost.payer,cost.category,cost.amountMinor',
      'cost.currency,source.url,source.note',
    ].join(',');
    const activity =
      '"Course, B",course,ipcp,science,SHAPE,nato,BE,hybrid,DE,Mons,Hall 1,participant,2020-01,2020-02,MTT,ACT.396,' +
      'a3bb189e-8bf9-3888-9912-ace4e6543002|a3bb189e-8bf9-3888-9912-ace4e6543003,5,"Two\nlines",2020-01-06,2020-01-10';
    const rows = [
      `${activity},AZ,Ministry,observer,5,3,2,1,4,NATO,travel,12345,EUR,https://example.org/a,first`,
      `${activity},GE,Academy,,2,,,,,NATO,lodging,,,,second`,
    ];
    const { summary, errors } = await run([header, ...rows].join('\r\n'));
    expect(errors).toEqual([]);
    expect(summary).toMatchObject({ rows: 2, accepted: 2, created: 1 });
    const events = await stores.events();
    expect(events.map(({ type, data }) => ({ type, data }))).toMatchObject([
      {
        type: 'ActivityLogged',
        data: {
          title: 'Course, B',
          area: 'science',
          organiser: { name: 'SHAPE', kind: 'nato', country: 'BE' },
          delivery: 'hybrid',
          place: { country: 'DE', city: 'Mons', venue: 'Hall 1' },
          startsOn: '2020-01',
          held: { startsOn: '2020-01-06', endsOn: '2020-01-10' },
          reference: 'ACT.396',
          quota: 5,
          summary: 'Two\nlines',
          sources: [{ url: 'https://example.org/a', note: 'first' }, { note: 'second' }],
        },
      },
      {
        type: 'ParticipationRecorded',
        data: { country: 'AZ', total: 5, military: 3, female: 1, role: 'observer' },
      },
      { type: 'ParticipationRecorded', data: { country: 'GE', institution: 'Academy', total: 2 } },
      { type: 'CostRecorded', data: { category: 'travel', amountMinor: 12345, currency: 'EUR' } },
      { type: 'CostRecorded', data: { category: 'lodging', status: 'to-be-determined' } },
    ]);
  });

  it('tells every fault of every bad row with its cell, and takes the good ones', async () => {
    const file = [
      HEADER,
      GOOD,
      ',lecture,ipcp,participant,2020-02-30,,,Ministry,many',
      'Course C,course,ipcp,participant,2020-05-01,2020-04-01,,Ministry,1',
      'Course D,course,ipcp',
      'Course\u0000E,course,ipcp,participant,2020,,,,',
      "Course F,course,ipcp,participant,2020,,,'; drop table activity; --,1",
    ].join('\n');
    const { summary, errors } = await run(file);
    expect(summary).toMatchObject({ rows: 6, accepted: 2, rejected: 4, created: 2, errorCount: 7 });
    expect(errors.map(({ row, column, code, value }) => [row, column, code, value])).toEqual([
      [3, 'kind', 'NotAllowed', 'lecture'],
      [3, 'participation.total', 'InvalidCount', 'many'],
      [3, 'startsOn', 'Invalid', '2020-02-30'],
      [3, 'title', 'Missing', ''],
      [4, 'endsOn', 'EndBeforeStart', '2020-04-01'],
      [5, undefined, 'WrongNumberOfCells', undefined],
      [6, 'title', 'Invalid', 'Course\u0000E'],
    ]);
  });

  it('writes nothing in a dry run, and says what the import will', async () => {
    const file = [HEADER, GOOD, GOOD.replace('2020-01-10', '2019-01-01')].join('\n');
    const rehearsed = await run(file, { dryRun: true });
    expect(await stores.events()).toEqual([]);
    const done = await run(file);
    expect(rehearsed.summary).toEqual({ ...done.summary, dryRun: true, written: false });
    expect(rehearsed.errors).toEqual(done.errors);
  });

  it('writes all rows or none when asked to', async () => {
    const bad = await run([HEADER, GOOD, 'Course G,lecture,ipcp,participant,2020,,,,'].join('\n'), {
      atomic: true,
    });
    expect(bad.summary).toMatchObject({ written: false, accepted: 1, rejected: 1, created: 0 });
    expect(await stores.events()).toEqual([]);
    const good = await run([HEADER, GOOD].join('\n'), { atomic: true });
    expect(good.summary).toMatchObject({ written: true, created: 1 });
  });

  it('keeps identical lines, with a warning', async () => {
    const { summary, warnings } = await run([HEADER, GOOD, GOOD].join('\n'));
    expect(summary).toMatchObject({ accepted: 2, created: 1 });
    expect(warnings).toMatchObject([{ row: 3, code: 'IdenticalLine' }]);
    expect((await stores.events()).filter(({ type }) => type === 'ParticipationRecorded')).toHaveLength(2);
  });

  it('rejects other content of what is recorded already, and lines that contradict each other', async () => {
    const line = (title: string) => `${title},course,ipcp,participant,2020,,ACT.1,,`;
    await run([HEADER, line('Course H')].join('\n'));
    const changed = await run([HEADER, line('Course J')].join('\n'));
    expect(changed.errors).toMatchObject([{ row: 2, code: 'imported-with-other-content' }]);
    const torn = await run([HEADER, line('Course H'), line('Course J')].join('\n'));
    expect(torn.summary).toMatchObject({ rejected: 2, created: 0 });
    expect(torn.errors).toMatchObject([
      { row: 2, code: 'OtherLineFaulty' },
      { row: 3, column: 'title', code: 'DiffersWithinActivity', value: 'Course J' },
    ]);
  });

  it('ends the same when it was broken off and begun again', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => GOOD.replace('Course A', `Course ${n}`));
    const file = [HEADER, ...rows].join('\n');
    let appends = 0;
    const failing = Object.assign(Object.create(stores.eventStore), {
      append: (...args: Parameters<typeof stores.eventStore.append>) => {
        if (++appends > 100) throw new Error('killed');
        return stores.eventStore.append(...args);
      },
    });
    const breaking = { ...stores, eventStore: stores.eventStore, executor: new CommandExecutor(failing) };
    const options = {
      file: inOnePiece(file),
      format: 'csv' as const,
      profile: await loadBuiltInProfile('activities'),
      actor: { id: 'staff-1', roles: [] },
    };
    await expect(importRecords(breaking, options)).rejects.toThrow('killed');
    expect(await stores.events()).toHaveLength(200);
    const { summary } = await run(file);
    expect(summary).toMatchObject({ created: 200, unchanged: 100, rejected: 0 });
    expect(await stores.events()).toHaveLength(600);
  });

  it.each([
    ['az-exercises', 'exercises.csv', 23],
    ['az-courses', 'courses_conferences.csv', 20],
  ])('brings in every row of the example for %s', async (name, file, rows) => {
    const example = () => createReadStream(`examples/azerbaijan-nato/${file}`);
    const { summary, errors } = await run(example(), { name });
    expect(errors).toEqual([]);
    expect(summary).toMatchObject({ rows, accepted: rows, created: rows, rejected: 0 });
    expect((await run(example(), { name })).summary).toMatchObject({ created: 0, unchanged: rows });
  });

  it('plans and cancels the exercise that was called off, and plans the one only announced', async () => {
    await run(createReadStream('examples/azerbaijan-nato/exercises.csv'), { name: 'az-exercises' });
    const events = await stores.events();
    const planned = events.flatMap((event) => (event.type === 'ActivityPlanned' ? [event.data.title] : []));
    // Activities are written side by side, in no order.
    expect(planned.sort()).toEqual([
      'Cooperative Best Effort 2004',
      'EADRCC consequence management field exercise (Kazakhstan)',
    ]);
    expect(events.filter(({ type }) => type === 'ActivityCancelled')).toHaveLength(1);
    const totals = events.flatMap((event) =>
      event.type === 'ParticipationRecorded' ? [event.data.total] : [],
    );
    expect(totals.sort((one, other) => one - other)).toEqual([36, 700]);
  });
});

async function* inOnePiece(text: string) {
  yield Buffer.from(text);
}
