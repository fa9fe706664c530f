import type { ClientBase } from 'pg';

/** One row per event; `$all` is the table by position, a stream is the table by (stream, revision). */
const TABLES = `
  create schema if not exists event_store;
  create table if not exists event_store.event (
    position bigint primary key,
    stream text collate "C" not null,
    revision bigint not null,
    id uuid not null,
    type text collate "C" not null,
    json boolean not null,
    created timestamptz not null,
    data bytea not null,
    metadata bytea not null,
    unique (stream, revision)
  )`;

export async function createTables(client: ClientBase): Promise<void> {
  await client.query(TABLES);
}
