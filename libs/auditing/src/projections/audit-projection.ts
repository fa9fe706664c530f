import type { EventMetadata, Projection, StoredEvent, TableDefinition } from '#event-sourcing';

export const AUDIT = 'audit';

/** One row an event, never closed; `from_position` is the event's. The projection reads nothing of an event's data. */
export const eventTable: TableDefinition = {
  name: 'event',
  key: ['id'],
  columns: {
    id: 'uuid',
    stream: 'text',
    revision: 'bigint',
    type: 'text',
    actor: 'text',
    recorded_at: 'timestamptz',
    created: 'timestamptz',
    hash: 'text',
  },
};

/** The index of all events: where the record has what. The record itself stays in the event store. */
export function auditProjection(streamPrefixes: readonly string[]): Projection {
  return {
    name: AUDIT,
    version: 1,
    tables: [eventTable],
    streamPrefixes,
    takesUnknown: true,
    // An event opens its own row and touches no other.
    reads: () => [],
    apply(event, rows) {
      const { id, stream, revision, type, metadata, created } = event;
      rows.put(eventTable, {
        id,
        stream,
        revision,
        type,
        actor: actorIdOf(metadata) ?? null,
        recorded_at: recordedTime(event),
        created: created.toISOString(),
        hash: textOf(metadata.hash) ?? null,
      });
    },
  };
}

/** Id of who acted; undefined where the event, written elsewhere, does not say. */
export function actorIdOf({ actor }: Partial<EventMetadata>): string | undefined {
  return textOf(actor?.id);
}

/** When it was recorded, RFC 3339 UTC; where the event does not say, when the store took it in. */
export function recordedTime({ metadata, created }: StoredEvent): string {
  const recorded = new Date(textOf(metadata.recordedAt) ?? Number.NaN);
  return (Number.isNaN(recorded.getTime()) ? created : recorded).toISOString();
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
