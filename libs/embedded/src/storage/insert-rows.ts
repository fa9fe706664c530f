import type { ClientBase } from 'pg';
import { binaryArray, bool, int8, OID, timestamptz, uuid } from './binary-array.js';
import type { StoredEvent } from './event.js';

const APPEND = `
  insert into event_store.event (position, stream, revision, id, type, json, created, data, metadata)
  select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::uuid[], $5::text[], $6::boolean[], $7::timestamptz[],
    $8::bytea[], $9::bytea[])`;

/** Stores the rows in one statement, which is one transaction; resolves once it is on disk. */
export async function insertRows(client: ClientBase, rows: readonly StoredEvent[]): Promise<void> {
  await client.query({ name: 'append', text: APPEND, values: columns(rows) });
}

function columns(rows: readonly StoredEvent[]): Buffer[] {
  const column = (oid: number, value: (row: StoredEvent) => Buffer) => binaryArray(oid, rows.map(value));
  return [
    column(OID.int8, (row) => int8(row.position)),
    column(OID.text, (row) => Buffer.from(row.stream)),
    column(OID.int8, (row) => int8(row.revision)),
    column(OID.uuid, (row) => uuid(row.id)),
    column(OID.text, (row) => Buffer.from(row.type)),
    column(OID.bool, (row) => bool(row.json)),
    column(OID.timestamptz, (row) => timestamptz(row.created)),
    column(OID.bytea, (row) => row.data),
    column(OID.bytea, (row) => row.metadata),
  ];
}
