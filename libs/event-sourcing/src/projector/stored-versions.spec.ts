import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import pg from 'pg';
import { BatchRows, type TableChanges } from './batch-rows.js';
import { compareTable } from './compare-table.js';
import type { TableDefinition } from './projection.js';
import { areAsMade, readVersions } from './stored-versions.js';
import { writeTable } from './table-sql.js';

const table: TableDefinition = {
  name: 'thing',
  key: ['id'],
  columns: {
    ...{ id: 'text', number: 'bigint', whole: 'integer', yes: 'boolean', day: 'date', at: 'timestamptz' },
    ...{ words: 'text', list: 'jsonb' },
  },
};

const odd = ['', '\\N', 'a\tb\nc\\d\r\v\f\b', 'Əliyev «Şuşa» — 北', '"quoted"', "it's"];
const lists = [null, [], ['b', 'a\t'], [{ long: 1.5, a: null, yes: true }, -3], { b: [], aa: {}, a: '\\' }];

describe('stored versions', () => {
  let stores: TemporaryStores;
  let sql: pg.Client;

  beforeAll(async () => {
    stores = await startTemporaryStores();
    sql = new pg.Client(stores.databaseUrl);
    await sql.connect();
    const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${type}`);
    await sql.query('create schema odd');
    await sql.query(
      `create table odd.thing (${columns.join(', ')}, from_position bigint, to_position bigint, primary key (id, from_position))`,
    );
  });
  afterAll(async () => {
    await sql?.end();
    await stores?.stop();
  });

  const write = async (rows: BatchRows): Promise<TableChanges> => {
    const changes = rows.changes()[0]!;
    await writeTable(sql, 'odd', changes);
    return changes;
  };
  const thing = (n: number) => ({
    ...{ id: `${odd[n % odd.length]}${n}`, number: BigInt(n) * 10n ** 15n, whole: n % 2 ? n : null },
    ...{ yes: n % 3 === 0, day: '2020-02-29', at: `2020-02-29T23:59:59.${100 + n}Z` },
    ...{ words: odd[n % odd.length], list: lists[n % lists.length] },
  });

  it('are told, letter by letter, to be what a batch has made, whatever they hold', async () => {
    const first = new BatchRows();
    for (let n = 0; n < 30; n++) {
      first.position = BigInt(n);
      first.put(table, thing(n));
    }
    const begun = await write(first);
    expect(areAsMade(await readVersions(sql, 'odd', table, { from: -1n, to: 29n }), begun, 29n)).toBe(true);

    const second = new BatchRows();
    for (let n = 0; n < 30; n++) second.load(table, thing(n));
    for (let n = 0; n < 10; n++) {
      second.position = BigInt(30 + n);
      second.put(table, { ...thing(n), words: 'new' });
    }
    const changes = await write(second);
    expect(changes.closed).toHaveLength(10);
    const range = { from: 29n, to: 39n };
    expect(areAsMade(await readVersions(sql, 'odd', table, range), changes, 39n)).toBe(true);
    // What has ended since does not differ at the end of its own range.
    expect(areAsMade(await readVersions(sql, 'odd', table, { from: -1n, to: 29n }), begun, 29n)).toBe(true);

    const { begun: lines, ended } = await readVersions(sql, 'odd', table, range);
    const twice = (all: readonly string[]) => [all[1]!, ...all.slice(1)];
    expect(areAsMade({ begun: twice(lines), ended }, changes, 39n)).toBe(false);
    expect(areAsMade({ begun: lines, ended: twice(ended) }, changes, 39n)).toBe(false);

    for (const change of [
      "words = 'other'",
      'whole = null',
      'yes = not yes',
      "at = at + interval '1 microsecond'",
      "day = day + 1, list = '[1]'",
    ]) {
      await sql.query('begin');
      await sql.query(`update odd.thing set ${change} where from_position = 33`);
      const stored = await readVersions(sql, 'odd', table, range);
      expect(areAsMade(stored, changes, 39n)).toBe(false);
      expect(compareTable(stored, changes, 39n)).toEqual([
        expect.objectContaining({ fault: 'different', fromPosition: 33n }),
      ]);
      await sql.query('rollback');
    }
  });
});
