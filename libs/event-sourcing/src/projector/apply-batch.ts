import type { ResolvedEvent } from '@eventstore/db-client';
import pg from 'pg';
import type { EventMetadata, RecordedEvent } from '../recorded-event.js';
import { asStored } from '../store/as-stored.js';
import type { EventStore } from '../store/event-store.js';
import { BatchRows } from './batch-rows.js';
import { moveCheckpoint, type Checkpoint } from './checkpoint.js';
import type { Arrival } from './event-feed.js';
import type { Projection, RowReference } from './projection.js';
import { loadRows, RowsDiffer, writeTable, type Sql } from './table-sql.js';

/** An event that the projection cannot take. Nothing of its batch was written. */
export class PoisonEvent extends Error {
  override name = 'PoisonEvent';
  constructor(
    readonly event: ResolvedEvent,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }

  /** What is stored and shown: nothing of the event's content. */
  describe(): { position: string; stream: string; type: string; message: string } {
    const { position, streamId, type } = this.event.event!;
    return { position: String(position!.commit), stream: streamId, type, message: this.message };
  }
}

/**
 * Applies what arrived: rows and checkpoint change in one transaction, or nothing does.
 * @returns the checkpoint the next batch starts from
 * @throws PoisonEvent, CheckpointMissed, and the database's errors
 */
export async function applyBatch(
  sql: Sql,
  store: EventStore,
  projection: Projection,
  checkpoint: Checkpoint,
  arrival: Arrival,
): Promise<Checkpoint> {
  const known: { resolved: ResolvedEvent; event: RecordedEvent }[] = [];
  const references: RowReference[] = [];
  const timeline = new Timeline(checkpoint.recordedAt);
  for (const resolved of arrival.events) {
    if (!projection.streamPrefixes.some((prefix) => resolved.event!.streamId.startsWith(prefix))) {
      timeline.pass(resolved);
      continue;
    }
    const event = poisoned(resolved, () =>
      projection.takesUnknown ? (asStored(resolved) as RecordedEvent | undefined) : store.recorded(resolved),
    );
    if (!event) continue;
    timeline.add(event);
    known.push({ resolved, event });
    references.push(...poisoned(resolved, () => projection.reads(event)));
  }
  const rows = new BatchRows();
  await sql.query('begin');
  try {
    await loadRows(sql, projection.name, references, rows);
    for (const { resolved, event } of known) {
      rows.position = event.position;
      poisoned(resolved, () => projection.apply(event, rows));
    }
    for (const changes of rows.changes()) await writeTable(sql, projection.name, changes);
    await timeline.write(sql, projection.name);
    await moveCheckpoint(sql, projection.name, checkpoint, arrival.position, timeline.newest, known.length);
    await sql.query('commit');
  } catch (error) {
    // On a broken connection the rollback fails too; the server rolls back by itself.
    await sql.query('rollback').catch(() => undefined);
    const [only] = known;
    throw known.length === 1 && isDataError(error) ? new PoisonEvent(only!.resolved, error) : error;
  }
  return { ...checkpoint, position: arrival.position, recordedAt: timeline.newest };
}

/** What was to be written was refused, not the writing: the same batch will fail again. */
export function isDataError(error: unknown): boolean {
  return (
    error instanceof RowsDiffer || (error instanceof pg.DatabaseError && /^(22|23|42)/.test(error.code ?? ''))
  );
}

function poisoned<Result>(event: ResolvedEvent, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new PoisonEvent(event, error);
  }
}

/**
 * When each event was recorded, every one later than the one before, if by a microsecond: a clock may step back, and many
 * events share a millisecond, yet each position has its own time, and what a time answered once it will answer always.
 * Other projections' events count too, though only their own are written: so the times of all rise with the position.
 */
class Timeline {
  private readonly times: number[] = [];
  private readonly positions: bigint[] = [];

  /** `newest`: microseconds since 1970. */
  constructor(public newest: number) {}

  add({ metadata, created, position }: RecordedEvent): void {
    this.advance(metadata.recordedAt, created);
    this.times.push(this.newest);
    this.positions.push(position);
  }

  /** An event that another projection writes down. */
  pass({ event }: ResolvedEvent): void {
    this.advance((event!.metadata as Partial<EventMetadata> | undefined)?.recordedAt, event!.created);
  }

  private advance(recordedAt: string | undefined, created: Date): void {
    // A clock that ran ahead when the event was recorded must not date all that follow; the store saw it come.
    const recorded = Math.min(Date.parse(recordedAt ?? '') || 0, created.getTime()) * 1_000;
    this.newest = Math.max(this.newest + 1, recorded);
  }

  async write(sql: Sql, schema: string): Promise<void> {
    if (this.times.length === 0) return;
    await sql.query(
      `insert into ${schema}.timeline (recorded_at, position)
       select timestamptz 'epoch' + k.time * interval '1 microsecond', k.position
       from unnest($1::bigint[], $2::bigint[]) k(time, position)
       on conflict do nothing`,
      [this.times, this.positions.map(String)],
    );
  }
}
