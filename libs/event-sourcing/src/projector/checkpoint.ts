import type { PausingEvent } from './pausing-event.js';
import type { Sql } from './table-sql.js';

/** Channel on which every move of a checkpoint is told: `<name> <position>`. */
export const CHECKPOINT_CHANNEL = 'projection_checkpoint';
/** Channel on which every pause, resumption and skip is told: `<name>`. */
export const CONTROL_CHANNEL = 'projection_control';

export interface Checkpoint {
  position: bigint;
  readonly epoch: bigint;
  /** Microseconds since 1970 of the newest event applied, as the timeline has it; 0 before the first. */
  recordedAt: number;
}

/** What a leader goes by: the checkpoint as it is stored, and what operators have decided. */
export interface Standing extends Checkpoint {
  readonly version: number;
  readonly state: 'running' | 'paused';
  /** Positions of events to be left out. */
  readonly skipped: ReadonlySet<bigint>;
}

/** The checkpoint was not where this leader left it, it is paused, or another leads: the batch must be rolled back. */
export class CheckpointMissed extends Error {
  override name = 'CheckpointMissed';
}

/** The stored rows are of a newer version of the projection than this program's: it must not touch them. */
export class NewerProjection extends Error {
  override name = 'NewerProjection';
}

/** Makes the checkpoint of a projection that nobody has led yet. */
export async function introduce(sql: Sql, name: string, version: number): Promise<void> {
  await sql.query('insert into public.projection (name, version) values ($1, $2) on conflict do nothing', [
    name,
    version,
  ]);
}

/**
 * Starts a new epoch for a leader that holds the lock, and answers it. No two leaderships of any projection share one.
 * @throws NewerProjection; CheckpointMissed when there is no such checkpoint, or no more
 */
export async function takeOver(sql: Sql, name: string, version: number): Promise<bigint> {
  const { rows } = await sql.query(
    `update public.projection set epoch = case when version <= $2 then nextval('public.projection_epoch') else epoch end
     where name = $1 returning epoch, version`,
    [name, version],
  );
  const [row] = rows as { epoch: string; version: number }[];
  if (!row) throw new CheckpointMissed(`${name}: there is no such checkpoint`);
  if (row.version > version)
    throw new NewerProjection(
      `${name}: the stored rows are of version ${row.version}, this program's of ${version}`,
    );
  return BigInt(row.epoch);
}

/** @throws CheckpointMissed when another leads */
export async function readStanding(sql: Sql, name: string, epoch: bigint): Promise<Standing> {
  const { rows } = await sql.query(
    `select version, position, state, coalesce(extract(epoch from recorded_at) * 1000000, 0)::bigint as recorded_at,
       array(select position::text from public.projection_skip where projection = $1 and lifted_at is null) as skipped
     from public.projection where name = $1 and epoch = $2`,
    [name, String(epoch)],
  );
  if (rows.length === 0) throw new CheckpointMissed(`${name}: another leads since epoch ${epoch}`);
  const row = rows[0] as {
    version: number;
    position: string;
    state: Standing['state'];
    recorded_at: string;
    skipped: string[];
  };
  return {
    version: row.version,
    position: BigInt(row.position),
    epoch,
    recordedAt: Number(row.recorded_at),
    state: row.state,
    skipped: new Set(row.skipped.map(BigInt)),
  };
}

/** @throws CheckpointMissed, and then the caller rolls back */
export async function moveCheckpoint(
  sql: Sql,
  name: string,
  from: Checkpoint,
  to: bigint,
  recordedAt: number,
  events: number,
): Promise<void> {
  const { rowCount } = await sql.query(
    `with moved as (
       update public.projection set position = $4, events = events + $5,
         recorded_at = case when $6::bigint = 0 then recorded_at
           else timestamptz 'epoch' + $6::bigint * interval '1 microsecond' end
       where name = $1 and position = $2 and epoch = $3 and state = 'running' returning name, position)
     select pg_notify('${CHECKPOINT_CHANNEL}', name || ' ' || position) from moved`,
    [name, String(from.position), String(from.epoch), String(to), events, recordedAt],
  );
  if (rowCount !== 1)
    throw new CheckpointMissed(
      `${name}: the checkpoint is not at ${from.position} in epoch ${from.epoch} any more, or it is paused`,
    );
}

/** Empties `tables` of a projection, to be filled from the first event with this version of it; skipped events too. */
export async function startOver(
  sql: Sql,
  { name, version }: { name: string; version: number },
  tables: readonly string[],
  { epoch, position }: Checkpoint,
  now: Date,
): Promise<void> {
  await sql.query('begin');
  try {
    const { rowCount } = await sql.query(
      `update public.projection set version = $2, position = -1, events = 0, recorded_at = null
       where name = $1 and epoch = $3 and position = $4 and state = 'running'`,
      [name, version, String(epoch), String(position)],
    );
    if (rowCount !== 1) throw new CheckpointMissed(`${name}: another leads, or it is paused`);
    await sql.query(`truncate ${tables.join(', ')}`);
    await liftSkips(sql, name, now);
    await sql.query('commit');
  } catch (error) {
    await sql.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Notes that events left out of these rows are not any more: others take their place, or none. */
export async function liftSkips(sql: Sql, name: string, now: Date): Promise<void> {
  await sql.query(
    'update public.projection_skip set lifted_at = $2 where projection = $1 and lifted_at is null',
    [name, now],
  );
}

/**
 * Pauses a projection for an event after its checkpoint, that can be shown.
 * @returns false where another leads, or it is paused already
 */
export async function pauseAt(
  sql: Sql,
  name: string,
  { position, epoch }: Pick<Checkpoint, 'position' | 'epoch'>,
  event: PausingEvent,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql.query(
    `with paused as (
       update public.projection set state = 'paused', error = $4, paused_at = $5
       where name = $1 and position = $2 and epoch = $3 and state = 'running' returning name)
     select pg_notify('${CONTROL_CHANNEL}', name) from paused`,
    [name, String(position), String(epoch), JSON.stringify(event), now],
  );
  return rows.length > 0;
}
