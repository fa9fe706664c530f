import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dialogueAggregate, dialogueContext } from '#dialogue';
import { carryOut, CommandExecutor } from '#event-sourcing';
import { contributionAggregate, documentAggregate, partnershipContext } from '#partnership';
import { startReadModel, type ReadModel } from '#testing';
import { BACKWARDS, END } from '@eventstore/db-client';
import { importRecords } from './import-records.js';
import { parseProfile } from './profile/load-profile.js';
import type { RecordAggregate } from './records/record-kind.js';
import type { RowFinding } from './report.js';

const NOW = '2026-11-24T12:00:00.000Z';
const actor = { id: 'staff-1', roles: [] };
const kinds = [
  {
    record: 'dialogue',
    noun: 'dialogue session',
    aggregate: dialogueAggregate,
    fields: { title: 'name', format: { value: 'staff-talks' }, date: { value: '2024' } },
    parts: { followUp: { fields: { text: 'part', owner: { value: 'Academy' } } } },
    rows: ['Talks,Draft', 'Talks,Print'],
  },
  {
    record: 'document',
    noun: 'document',
    aggregate: documentAggregate,
    fields: { title: 'name', type: { value: 'ipap' } },
    parts: { milestone: { fields: { milestone: 'part' } } },
    rows: ['Plan,presented', 'Plan,agreed'],
  },
  {
    record: 'contribution',
    noun: 'contribution',
    aggregate: contributionAggregate,
    fields: { operation: 'name', kind: { value: 'personnel' }, unit: { value: 'persons' } },
    parts: { segment: { fields: { from: 'part', to: 'part' } } },
    rows: ['ISAF,2007', 'ISAF,2008'],
  },
];

describe('importing again what was withdrawn meanwhile', () => {
  let stores: ReadModel;
  beforeAll(async () => {
    stores = await startReadModel(dialogueContext, partnershipContext);
  });
  afterAll(() => stores?.stop());

  /** Of the one record whose stream begins so. */
  const idOf = async (prefix: string) => {
    const all = stores.store.client.readAll({ direction: BACKWARDS, fromPosition: END });
    for await (const { event } of all)
      if (event?.streamId.startsWith(prefix)) return event.streamId.slice(prefix.length);
    throw new Error(`there is none of ${prefix}`);
  };

  it.each(kinds)('changes nothing and says so on each line of the $noun', async (kind) => {
    const { record, noun, aggregate, fields, parts, rows } = kind;
    const executor = new CommandExecutor(stores.store);
    const profile = parseProfile(
      {
        ...{ profileVersion: 1, name: record, title: record, record, fields, parts },
        ...{ columns: { required: ['name', 'part'] }, group: [['name']] },
      },
      record,
    );
    const run = async (dryRun = false) => {
      const found: RowFinding[] = [];
      const summary = await importRecords(
        {
          ...{ eventStore: stores.store, executor, clock: { now: () => new Date(NOW) } },
          policy: { fourEyes: true, partnerCountry: 'AZ' },
        },
        {
          ...{ file: inOnePiece(['name,part', ...rows].join('\n')), format: 'csv', profile, actor, dryRun },
          onError: (error) => void found.push(error),
          onWarning: (warning) => void found.push(warning),
        },
      );
      return { created: summary.created, unchanged: summary.unchanged, found };
    };
    expect(await run()).toEqual({ created: 1, unchanged: 0, found: [] });
    const known = { created: 0, unchanged: 1, found: [] };
    expect(await run()).toEqual(known);

    const id = await idOf(`${aggregate.name}-`);
    const change = (type: string) =>
      carryOut(executor, aggregate as RecordAggregate, {
        ...{ type, id, data: { reason: 'entered twice' } },
        request: { actor, now: NOW, commandId: randomUUID(), keyed: false, correlationId: randomUUID() },
      });
    await change('withdraw');
    const message = `this ${noun} is recorded already, but withdrawn; reinstate it there if it should count`;
    const found = [2, 3].map((row) => ({ row, code: 'Withdrawn', message }));
    expect(await run(true)).toEqual({ ...known, found });
    expect(await run()).toEqual({ ...known, found });
    await change('reinstate');
    expect(await run()).toEqual(known);
  });
});

async function* inOnePiece(text: string) {
  yield Buffer.from(text);
}
