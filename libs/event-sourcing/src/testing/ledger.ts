import type { Decider } from '#shared-kernel';
import { refuseState } from '#shared-kernel';
import { z } from 'zod';
import { commandEventDefinitions } from '../commands/command-executor.js';
import type { Projection, TableDefinition } from '../projector/projection.js';
import { EventRegistry } from '../store/event-registry.js';

/** The smallest context there can be, for the kernel's own specs: accounts that count. */
export type LedgerEvent =
  { type: 'Added'; data: { amount: number } } | { type: 'Closed'; data: Record<string, never> };
export type LedgerCommand = { type: 'add'; amount: number } | { type: 'close' };
interface LedgerState {
  sum: number;
  closed: boolean;
}

export const ledger: Decider<LedgerState, LedgerCommand, LedgerEvent> = {
  initialState: { sum: 0, closed: false },
  decide(command, state) {
    if (state.closed) return refuseState('LedgerClosed', `closed at ${state.sum}`);
    if (command.type === 'close') return [{ type: 'Closed', data: {} }];
    return command.amount === 0 ? [] : [{ type: 'Added', data: { amount: command.amount } }];
  },
  evolve: (state, event) =>
    event.type === 'Added' ? { ...state, sum: state.sum + event.data.amount } : { ...state, closed: true },
};

export const ledgerRegistry = new EventRegistry(commandEventDefinitions, {
  Added: { version: 1, schema: z.strictObject({ amount: z.int() }) },
  Closed: { version: 1, schema: z.strictObject({}) },
});

const account: TableDefinition = {
  name: 'account',
  key: ['id'],
  columns: { id: 'text', sum: 'bigint', changes: 'integer' },
};

/** One row an account; an amount of 666 cannot be applied. */
export const ledgerProjection: Projection = {
  name: 'ledger',
  version: 1,
  tables: [account],
  streamPrefixes: ['ledger-'],
  reads: (event) => [{ table: account, key: [event.stream] }],
  apply(event, rows) {
    if (event.type !== 'Added') return;
    const { amount } = event.data as { amount: number };
    if (amount === 666) throw new Error('this amount cannot be applied');
    const before = rows.get(account, [event.stream]);
    rows.put(account, {
      id: event.stream,
      sum: Number(before?.sum ?? 0) + amount,
      changes: Number(before?.changes ?? 0) + 1,
    });
  },
};

export const ledgerTables = [
  'create schema ledger',
  'create table ledger.timeline (recorded_at timestamptz primary key, position bigint not null)',
  `create table ledger.account (id text not null, sum bigint not null, changes integer not null,
    from_position bigint not null, to_position bigint not null, primary key (id, from_position))`,
  'create unique index on ledger.account (id) where to_position = 9223372036854775807',
];
