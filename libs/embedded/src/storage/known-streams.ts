import type { ClientBase } from 'pg';
import { TOMBSTONE_REVISION } from './event.js';
import type { KnownEvent, StreamHead } from './decide-write.js';
import { parseMetadata } from './stream-metadata.js';

const HEADS = `
  select s.name, e.revision, m.revision as metadata_revision, m.data
  from unnest($1::text[]) s (name)
  left join lateral (select revision from event_store.event where stream = s.name order by revision desc limit 1) e on true
  left join lateral (
    select revision, data from event_store.event where stream = '$$' || s.name order by revision desc limit 1
  ) m on true`;

const RANGES = `
  select e.stream, e.revision, e.id, e.position
  from unnest($1::text[], $2::bigint[], $3::bigint[]) r (stream, first, last)
  join event_store.event e on e.stream = r.stream and e.revision between r.first and r.last`;

/** Heads of the streams, in one query. */
export async function loadHeads(
  client: ClientBase,
  streams: readonly string[],
): Promise<Map<string, StreamHead>> {
  const { rows } = await client.query<{
    name: string;
    revision: string | null;
    metadata_revision: string | null;
    data: Buffer | null;
  }>({ name: 'heads', text: HEADS, values: [streams] });
  return new Map(
    rows.map((row) => {
      const revision = Number(row.revision ?? -1);
      const head: StreamHead = {
        revision,
        metadataRevision: Number(row.metadata_revision ?? -1),
        metadata: parseMetadata(row.data),
        tombstoned: revision === TOMBSTONE_REVISION,
      };
      return [row.name, head];
    }),
  );
}

export interface Range {
  readonly stream: string;
  /** Revisions, both inclusive. */
  readonly first: number;
  readonly last: number;
}

/** Ids and positions of the events in the ranges, in one query. */
export async function loadKnownEvents(client: ClientBase, ranges: readonly Range[]): Promise<KnownEvent[]> {
  const { rows } = await client.query<{ stream: string; revision: string; id: string; position: string }>(
    RANGES,
    [
      ranges.map((range) => range.stream),
      ranges.map((range) => range.first),
      ranges.map((range) => range.last),
    ],
  );
  return rows.map(({ stream, revision, id, position }) => ({
    stream,
    id,
    revision: Number(revision),
    position: Number(position),
  }));
}
