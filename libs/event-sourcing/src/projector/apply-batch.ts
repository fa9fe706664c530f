import pg from 'pg';
import type { RecordedEvent, StoredEvent } from '../recorded-event.js';
import { isSystemEvent } from '../store/as-stored.js';
import type { EventStore } from '../store/event-store.js';
import { beginsWithOne } from '../store/stream-prefixes.js';
import { BatchRows } from './batch-rows.js';
import { moveCheckpoint, type Standing } from './checkpoint.js';
import type { DecodedEvents } from './decoded-events.js';
import type { Arrival } from './event-feed.js';
import { PoisonEvent } from './pausing-event.js';
import type { Projection, RowReference } from './projection.js';
import { loadRows, RowsDiffer, writeTable } from './table-sql.js';
import { Timeline } from './timeline.js';

/**
 * Applies what arrived, but for what is to be skipped: rows and checkpoint change in one transaction, or nothing does.
 * @returns the standing the next batch starts from
 * @throws PoisonEvent, CheckpointMissed, and the database's errors
 */
export async function applyBatch(
  sql: pg.ClientBase,
  decoded: DecodedEvents,
  projection: Projection,
  checkpoint: Standing,
  arrival: Arrival,
): Promise<Standing> {
  const known: { stored: StoredEvent; event: RecordedEvent }[] = [];
  const references: RowReference[] = [];
  const timeline = new Timeline(checkpoint.recordedAt);
  for (const stored of arrival.events) {
    const isSkipped = checkpoint.skipped.has(stored.position);
    if (isSkipped || !beginsWithOne(stored.stream, projection.streamPrefixes)) {
      timeline.pass(decoded.timeOf(stored));
      continue;
    }
    const event = poisoned(stored, () => eventFor(projection, decoded, stored));
    if (!event) continue;
    timeline.add(decoded.timeOf(stored), event.position);
    known.push({ stored, event });
    references.push(...poisoned(stored, () => projection.reads(event)));
  }
  const rows = new BatchRows();
  try {
    // Not waited for on the disk: what a crash takes away, rows and checkpoint as one, is applied again. Before anything else
    // is locked, so that a switch can hold off batches: see switchGeneration.
    await sql.query(
      `begin; set local synchronous_commit = off; lock table ${projection.name}.timeline in row exclusive mode`,
    );
    await loadRows(sql, projection.name, references, rows);
    for (const { stored, event } of known) {
      rows.position = event.position;
      poisoned(stored, () => projection.apply(event, rows));
    }
    for (const changes of rows.changes()) await writeTable(sql, projection.name, changes);
    await timeline.write(sql, projection.name);
    await moveCheckpoint(sql, projection.name, checkpoint, arrival.position, timeline.newest, known.length);
    await sql.query('commit');
  } catch (error) {
    // On a broken connection the rollback fails too; the server rolls back by itself.
    await sql.query('rollback').catch(() => undefined);
    const [only] = known;
    throw known.length === 1 && isDataError(error) ? new PoisonEvent(only!.stored, error) : error;
  }
  return { ...checkpoint, position: arrival.position, recordedAt: timeline.newest };
}

/**
 * An event as the projection takes it; undefined for one that is not the application's.
 * @throws UnreadableEvent unless the projection takes those too
 */
export function eventFor(
  { takesUnknown }: Projection,
  store: Pick<EventStore, 'recorded'>,
  stored: StoredEvent,
): RecordedEvent | undefined {
  if (!takesUnknown) return store.recorded(stored);
  return isSystemEvent(stored) ? undefined : (stored as RecordedEvent);
}

/** What was to be written was refused, not the writing: the same batch will fail again. */
export function isDataError(error: unknown): boolean {
  return (
    error instanceof RowsDiffer || (error instanceof pg.DatabaseError && /^(22|23|42)/.test(error.code ?? ''))
  );
}

function poisoned<Result>(event: StoredEvent, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new PoisonEvent(event, error);
  }
}
