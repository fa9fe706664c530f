import {
  carryOut,
  CommandExecutor,
  NO_REVISION,
  type Asked,
  type CommandOutcome,
  type EventStore,
  type RecordedEvent,
} from '#event-sourcing';
import type { RecordAggregate } from '../records/record-kind.js';

export type TakeCommand = (command: Asked) => Promise<CommandOutcome>;

/** What the handlers of every other way in do, on this executor. */
export function carriedOut(executor: CommandExecutor, aggregate: RecordAggregate): TakeCommand {
  return (command) => carryOut(executor, aggregate, command);
}

/** What an append that is not made answers as its position: after everything that is stored. */
export const NOT_WRITTEN = 2n ** 63n - 1n;

/**
 * The same, deciding by what is stored, without writing. Good for the commands of one record: each sees what those before
 * it would have written.
 */
export function rehearsed(store: EventStore, aggregate: RecordAggregate): TakeCommand {
  const decided: RecordedEvent[] = [];
  const rehearsal = Object.assign(Object.create(store) as EventStore, {
    async readStream(stream: string) {
      const stored = await store.readStream(stream);
      return [...stored, ...decided.filter((event) => event.stream === stream)];
    },
    async append(...[stream, expected, events]: Parameters<EventStore['append']>) {
      const created = new Date(events[0]!.metadata.recordedAt);
      events.forEach(({ id, event, metadata }, index) => {
        const revision = expected + 1n + BigInt(index);
        decided.push({
          ...event,
          id,
          stream,
          revision,
          position: NOT_WRITTEN,
          created,
          metadata: { ...metadata, schemaVersion: 1 },
        });
      });
      return { revision: decided.at(-1)?.revision ?? NO_REVISION, position: NOT_WRITTEN, hash: undefined };
    },
  } satisfies Pick<EventStore, 'readStream' | 'append'>);
  const take = carriedOut(new CommandExecutor(rehearsal), aggregate);
  // Without an append only a look tells what is there.
  return (command) => take({ ...command, isNew: false });
}
