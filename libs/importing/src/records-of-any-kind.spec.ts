import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandExecutor } from '#event-sourcing';
import { startReadModel, type ReadModel } from '#testing';
import { importRecords } from './import-records.js';
import { parseProfile } from './profile/load-profile.js';
import type { RowFinding } from './report.js';
import { ledgerContext, ledgerKind, ledgerStream } from './testing/ledger.js';

const profile = {
  profileVersion: 1,
  name: 'accounts',
  title: 'Accounts: a line has an entry, and another one for its fee',
  record: 'ledger',
  columns: { required: ['number', 'title', 'note', 'text', 'amount', 'fee', 'url'] },
  group: [['number'], ['note']],
  fields: { number: 'number', title: 'title', note: 'note' },
  firstOf: ['title'],
  parts: {
    entry: [
      {
        when: ['amount'],
        fields: { text: 'text', amount: { from: 'amount', as: 'count' }, 'sources.0.url': 'url' },
      },
      { when: ['fee'], fields: { text: { value: 'fee' }, amount: { from: 'fee', as: 'count' } } },
    ],
    source: { fields: { url: 'url' } },
  },
};

describe('importRecords of a kind that is no activity', () => {
  let stores: ReadModel;
  beforeAll(async () => {
    stores = await startReadModel(ledgerContext);
  });
  afterAll(() => stores?.stop());

  /** Each spec has account numbers of its own. */
  async function run(rows: readonly string[], { dryRun = false, changes = {} } = {}) {
    const errors: RowFinding[] = [];
    const given = {
      eventStore: stores.store,
      executor: new CommandExecutor(stores.store),
      policy: { fourEyes: true, partnerCountry: 'AZ' },
      clock: { now: () => new Date('2026-11-24T12:00:00Z') },
    };
    const summary = await importRecords(given, {
      file: inOnePiece(['number,title,note,text,amount,fee,url', ...rows].join('\n')),
      format: 'csv',
      profile: parseProfile({ ...profile, ...changes }, 'accounts', [ledgerKind]),
      actor: { id: 'staff-1', roles: [] },
      dryRun,
      onError: (error) => void errors.push(error),
    });
    return { summary, errors };
  }

  async function recorded(number: string) {
    const events = await stores.store.readStream(ledgerStream(number));
    return events.map(({ type, data }) => [type, data]);
  }

  it('gathers the parts of a record in the order of the file, wherever its lines stand, identical sources once', async () => {
    const { summary, errors } = await run([
      '1a,Books,,pens,5,1,example.org/x',
      '1b,Tools,,saws,7,,',
      '1a,Books,,paper,6,,example.org/x',
      '1a,Books,,ink,8,2,example.org/y',
    ]);
    expect(errors).toEqual([]);
    expect(summary).toMatchObject({ rows: 4, accepted: 4, created: 2 });
    const [x, y] = [{ url: 'example.org/x' }, { url: 'example.org/y' }];
    expect(await recorded('1a')).toEqual([
      ['LedgerOpened', { number: '1a', title: 'Books', sources: [x, y] }],
      ['EntryAdded', { text: 'pens', amount: 5, sources: [x] }],
      ['EntryAdded', { text: 'fee', amount: 1, sources: [] }],
      ['EntryAdded', { text: 'paper', amount: 6, sources: [x] }],
      ['EntryAdded', { text: 'ink', amount: 8, sources: [y] }],
      ['EntryAdded', { text: 'fee', amount: 2, sources: [] }],
    ]);
  });

  it('adds up parts that differ in their numbers only, where the profile says so', async () => {
    const rows = ['2a,Books,,pens,5,1,', '2a,Books,,pens,6,2,', '2a,Books,,ink,8,,'];
    await run(rows, { changes: { addUp: true } });
    expect((await recorded('2a')).slice(1)).toMatchObject([
      ['EntryAdded', { text: 'pens', amount: 11 }],
      ['EntryAdded', { text: 'fee', amount: 3 }],
      ['EntryAdded', { text: 'ink', amount: 8 }],
    ]);
  });

  it('takes a field of firstOf from the first line that has it, and rejects a record of which no line does', async () => {
    const { errors } = await run(['3a,,,a,1,,', '3a,First,,,,,', '3a,Second,,,,,']);
    expect(errors).toEqual([]);
    expect(await recorded('3a')).toMatchObject([
      ['LedgerOpened', { title: 'First' }],
      ['EntryAdded', {}],
    ]);
    const untitled = await run(['3b,,,a,1,,', '3b,,,b,2,,']);
    expect(untitled.summary).toMatchObject({ created: 0, rejected: 2 });
    expect(untitled.errors).toMatchObject([
      { row: 2, column: 'title', code: 'Invalid' },
      { row: 3, column: 'title', code: 'Invalid' },
    ]);
  });

  it('rejects lines that contradict each other elsewhere, in the words of the kind', async () => {
    const { summary, errors } = await run(['4a,Books,old,a,1,,', '4a,Books,new,b,2,,']);
    expect(summary).toMatchObject({ created: 0, rejected: 2 });
    expect(errors).toMatchObject([
      { row: 2, code: 'OtherLineFaulty', message: expect.stringContaining('of this account,') },
      {
        row: 3,
        column: 'note',
        code: 'DiffersWithinLedger',
        message: expect.stringContaining('same account'),
      },
    ]);
    expect(await recorded('4a')).toEqual([]);
  });

  it('names the column of the very part that is wrong', async () => {
    const { errors } = await run(['5a,Books,,,9,,', '5b,Books,,,,many,', '5c,Books,,,,99999999999,']);
    expect(errors.map(({ row, column, code }) => [row, column, code])).toEqual([
      [2, 'text', 'Missing'],
      [3, 'fee', 'InvalidCount'],
      [4, 'fee', 'TooLong'],
    ]);
  });

  it('changes nothing the second time, by the id of the kind or by profile and group, and refuses other content', async () => {
    const rows = ['6a,Books,,a,1,,', ',Tools,unnumbered,b,2,,'];
    expect((await run(rows)).summary).toMatchObject({ created: 2, unchanged: 0 });
    expect((await run(rows)).summary).toMatchObject({ created: 0, unchanged: 2 });
    const other = await run(rows.map((row) => row.replace('1', '3').replace('2', '3')));
    expect(other.summary).toMatchObject({ created: 0, rejected: 2 });
    for (const error of other.errors) {
      expect(error).toMatchObject({
        code: 'imported-with-other-content',
        message: expect.stringMatching(/^this account is recorded already/),
      });
    }
  });

  it('says in a dry run what the import will do, without writing', async () => {
    const rows = ['7a,Books,,a,1,,', '7a,Books,,b,2,,', '7b,Books,,c,x,,'];
    const rehearsal = await run(rows, { dryRun: true });
    expect(await recorded('7a')).toEqual([]);
    const done = await run(rows);
    expect(rehearsal.summary).toEqual({ ...done.summary, dryRun: true, written: false });
    expect(rehearsal.errors).toEqual(done.errors);
    expect(await recorded('7a')).toHaveLength(3);
  });
});

async function* inOnePiece(text: string) {
  yield Buffer.from(text);
}
