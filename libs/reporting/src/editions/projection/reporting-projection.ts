import type { Projection, RecordedEvent, TableDefinition } from '#event-sourcing';
import { ANNUAL_REPORT_STREAM_PREFIX, type AnnualReportEvent } from '../domain/events.js';

/** A row an edition; read-model/entities.ts and its migration describe the same to PostgreSQL. */
const editionTable: TableDefinition = {
  name: 'edition',
  key: ['id'],
  columns: {
    id: 'uuid',
    year: 'integer',
    edition: 'integer',
    position: 'bigint',
    time: 'text',
    annual_target: 'integer',
    format: 'integer',
    sha256: 'text',
    root: 'text',
    streams: 'integer',
    totals: 'jsonb',
    published_at: 'timestamptz',
    actor: 'text',
    reason: 'text',
    note: 'text',
  },
};

/** The editions of annual reports. What is published stays: rows begin and never end. */
export const reportingProjection: Projection = {
  name: 'reporting',
  version: 1,
  tables: [editionTable],
  streamPrefixes: [ANNUAL_REPORT_STREAM_PREFIX],
  reads: () => [],
  apply(event, rows) {
    const { id, stream, data, metadata } = event as RecordedEvent<AnnualReportEvent>;
    const { edition, asOf, annualTarget, format, sha256, seal, totals, note } = data;
    rows.put(editionTable, {
      id,
      year: Number(stream.slice(ANNUAL_REPORT_STREAM_PREFIX.length)),
      edition,
      position: BigInt(asOf.position),
      time: asOf.time,
      annual_target: annualTarget,
      format,
      sha256,
      root: seal.root,
      streams: seal.streams,
      totals,
      published_at: metadata.recordedAt,
      actor: metadata.actor.id,
      reason: 'reason' in data ? data.reason : undefined,
      note,
    });
  },
};
