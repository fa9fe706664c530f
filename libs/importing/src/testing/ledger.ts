import { uuidv5, type Context } from '#event-sourcing';
import {
  count,
  line,
  refuseState,
  sourceSchema,
  type AggregateCommand,
  type Decider,
  type EventsOf,
} from '#shared-kernel';
import { z } from 'zod';
import { source, type RecordAggregate, type RecordKind } from '../records/record-kind.js';

const URLS = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

const sources = z.array(sourceSchema).default([]);
const entryFields = z.strictObject({ text: line(100), amount: count, sources });
const ledgerFields = z.strictObject({
  number: line(20).optional(),
  title: line(100),
  note: line(100).optional(),
  sources,
});
const open = ledgerFields.extend({ entries: z.array(entryFields).default([]) });

const events = {
  LedgerOpened: { version: 1, schema: ledgerFields },
  EntryAdded: { version: 1, schema: entryFields },
};
export type LedgerEvent = EventsOf<typeof events>;

type Open = AggregateCommand<'open', z.output<typeof open>>;
const decider: Decider<boolean, Open, LedgerEvent> = {
  initialState: false,
  decide({ data: { entries, ...fields } }, isOpen) {
    if (isOpen) return refuseState('LedgerExists', 'it is open already');
    return [
      { type: 'LedgerOpened', data: fields },
      ...entries.map((entry) => ({ type: 'EntryAdded' as const, data: entry })),
    ];
  },
  evolve: () => true,
};

export const ledgerStream = (number: string): string => `ledger-${uuidv5(number, URLS)}`;

const aggregate: RecordAggregate = {
  name: 'ledger',
  decider,
  idFrom: (data) =>
    'number' in data ? ledgerStream(String(data.number)).slice('ledger-'.length) : undefined,
};

export const ledgerContext: Context = { events, projections: [], entities: [], migrations: [] };

/** The smallest kind of record there can be, for the importer's own specs: an account and its entries. */
export const ledgerKind: RecordKind<typeof open> = {
  name: 'ledger',
  noun: 'account',
  aggregate: () => aggregate,
  schema: open,
  parts: { entry: { into: 'entries', schema: entryFields, addUp: ['amount'] }, source },
  statuses: ['open'],
  commands: ({ data }) => [{ type: 'open', data }],
};
