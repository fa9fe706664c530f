import { CHECKPOINT_CHANNEL, CONTROL_CHANNEL, liftSkips } from '../checkpoint.js';
import { setTimeout as rest } from 'node:timers/promises';
import { endLeader } from '../leadership.js';
import type { Projection } from '../projection.js';
import type { Sql } from '../table-sql.js';
import { cloneSchema } from './clone-schema.js';

/**
 * A projection's read model is made anew beside the one that serves: in a schema of its own, `<projection>_<number>`, with a
 * row of its own in public.projection that names it. So it is filled as any other. The switch renames both.
 */
export type Phase = 'serving' | 'building' | 'retired';

/** A read model of the projection is being made already, or the one named is in another phase than it must be. */
export class GenerationConflict extends Error {
  override name = 'GenerationConflict';
}

/** There is none of that name. */
export class GenerationNotFound extends Error {
  override name = 'GenerationNotFound';
}

/** Why a generation is made. */
export interface Beginning {
  /** Who asked for it; nobody: the program, whose version of the projection is newer than the one that serves. */
  readonly by?: string;
  readonly reason?: string;
  readonly at: Date;
}

/** The unique index of one read model under construction a projection. */
const UNDER_WAY = 'projection_building';

/**
 * Begins a new generation, empty; a projector fills it. Answers its name.
 * @throws GenerationConflict when one is under way, when nobody has led the projection yet, when the one that serves is of a newer
 * version, or of the same and nobody has asked
 */
export async function beginGeneration(
  sql: Sql,
  { name, version }: Pick<Projection, 'name' | 'version'>,
  { by, reason, at }: Beginning,
): Promise<string> {
  return inTransaction(sql, BEGIN, async () => {
    // Those refused use up no number.
    const { rows } = await sql
      .query(
        `with due as (
           select name from public.projection
           where name = $1 and version ${by === undefined ? '<' : '<='} $2 and not exists (
             select from public.projection other where other.projection = $1 and phase = 'building')),
         numbered as (select name, nextval('public.projection_generation') as number from due)
         insert into public.projection
           (name, projection, generation, version, phase, started_at, started_by, start_reason)
         select name || '_' || number, name, number, $2, 'building', $3, $4, $5 from numbered returning name`,
        [name, version, at, by ?? null, reason ?? null],
      )
      .catch((error: { constraint?: string }) => {
        throw error.constraint === UNDER_WAY ? new GenerationConflict(isUnderWay(name)) : error;
      });
    const [begun] = rows as { name: string }[];
    if (!begun) throw new GenerationConflict(await whyNone(sql, name, version));
    const { name: building } = begun;
    await cloneSchema(sql, name, building);
    await tell(sql, building);
    return building;
  });
}

const isUnderWay = (name: string) => `A new read model of ${name} is being made already.`;

/** Why none was begun, if that is still so. */
async function whyNone(sql: Sql, name: string, version: number): Promise<string> {
  const { rows } = await sql.query(
    `select version, exists (select from public.projection where projection = $1 and phase = 'building') as busy
     from public.projection where name = $1`,
    [name],
  );
  const [serving] = rows as { version: number; busy: boolean }[];
  if (!serving) return `No projector has led ${name} yet.`;
  if (serving.busy) return isUnderWay(name);
  return `The rows of ${name} are of version ${serving.version}, this program's of ${version}.`;
}

export interface SwitchOptions {
  /** Up to where no event is missing in the generation, if that is farther than its checkpoint: the rest are others'. */
  readonly reached?: bigint;
  /** Milliseconds that reads under way may hold up the switch, and the switch the reads that come. */
  readonly patience?: number;
  readonly at: Date;
}

/**
 * `behind`: what was read once would be missing after. `busy`: reads take too long. Of either, try again. `held`: an operator has
 * paused either, or it is gone; no read was held up.
 */
export type Switched = 'switched' | 'behind' | 'busy' | 'held';

/**
 * Lets a generation serve in place of the one that does, all at once, as soon as it is not behind it: what was read once is
 * never missing after. Reads that span several statements hold off the switch, see readSnapshot of #postgres. The events that
 * operators had the old one leave out are no longer left out; those of the new one are from now on.
 */
export async function switchGeneration(
  sql: Sql,
  building: string,
  { reached = -1n, patience = 500, at }: SwitchOptions,
): Promise<Switched> {
  const known = await findServing(sql, building, reached);
  if (!known) return 'held';
  const comesAbreast = async () => {
    // Who leads the one that serves begins no batch now, while reads go on: so this one can come up to it.
    await sql.query(`lock table ${known.name}.timeline in share row exclusive mode`);
    for (const began = performance.now(); performance.now() - began < patience; await rest(CLOSE_LOOK))
      if ((await findServing(sql, building, reached))?.abreast) return;
  };
  const switched = await exclusively(sql, patience, comesAbreast, async (): Promise<Switched> => {
    // Checkpoints stand still now.
    const serving = await findServing(sql, building, reached);
    if (!serving) return 'held';
    if (!serving.abreast) return 'behind';
    const { name, generation, position } = serving;
    const retired = `${name}_${generation}`;
    await sql.query(`alter schema ${name} rename to ${retired}`);
    await sql.query(`alter schema ${building} rename to ${name}`);
    await sql.query(
      "update public.projection set name = $2, projection = $1, phase = 'retired' where name = $1",
      [name, retired],
    );
    await sql.query(
      `update public.projection set name = $2, projection = null, phase = 'serving', position = greatest(position, $3)
       where name = $1`,
      [building, name, position],
    );
    await liftSkips(sql, name, at);
    await sql.query('update public.projection_skip set projection = $2 where projection = $1', [
      building,
      name,
    ]);
    await sql.query(
      `select pg_notify('${CHECKPOINT_CHANNEL}', name || ' ' || position) from public.projection where name = $1`,
      [name],
    );
    await tell(sql, name, building);
    return 'switched';
  });
  return switched ?? 'busy';
}

interface Serving {
  readonly name: string;
  readonly generation: number;
  readonly position: string;
  /** Whether the generation is not behind it. */
  readonly abreast: boolean;
}

/** The one that serves, unless an operator has decided that either applies nothing more. */
async function findServing(sql: Sql, building: string, reached: bigint): Promise<Serving | undefined> {
  const { rows } = await sql.query(
    `select serving.name, serving.generation, serving.position,
       greatest(building.position, $2::bigint) >= serving.position as abreast
     from public.projection building join public.projection serving on serving.name = building.projection
     where building.name = $1 and building.phase = 'building' and building.state = 'running'
       and serving.paused_by is null`,
    [building, String(reached)],
  );
  return rows[0] as Serving | undefined;
}

/** How often a drop is tried while reads are under way. */
const TRIES = 10;

/**
 * Removes a generation that serves no more, or gives up one that is being made.
 * @throws GenerationNotFound, GenerationConflict when it serves, or when reads leave it no moment
 */
export async function dropGeneration(sql: Sql, name: string, at: Date): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const isDropped = await exclusively(sql, 500, nothing, async () => {
      const { rows } = await sql.query(
        `select phase from public.projection
         where name = $1 or (phase = 'serving' and name || '_' || generation = $1)`,
        [name],
      );
      const [row] = rows as { phase: Phase }[];
      if (!row) throw new GenerationNotFound(`There is no generation ${name}.`);
      if (row.phase === 'serving') throw new GenerationConflict(`${name} serves.`);
      // Who fills it may be in the middle of a batch, which waits for us and whose tables we wait for.
      await endLeader(sql, name);
      await sql.query('delete from public.projection where name = $1', [name]);
      await liftSkips(sql, name, at);
      await sql.query(`drop schema ${name} cascade`);
      await tell(sql, name);
      return true;
    });
    if (isDropped) return;
  }
  throw new GenerationConflict(`Long reads are under way; ${name} was not dropped. Try again.`);
}

/** The tables of a generation were not there any more: it was dropped, or serves, under the projection's name. */
export function isGone(error: unknown): boolean {
  return ['3F000', '42P01'].includes((error as { code?: string }).code ?? '');
}

async function tell(sql: Sql, ...names: string[]): Promise<void> {
  await sql.query(`select pg_notify('${CONTROL_CHANNEL}', name) from unnest($1::text[]) name`, [names]);
}

/** Milliseconds between looks at a generation that comes up to the one that serves. */
const CLOSE_LOOK = 5;
const nothing = async () => undefined;

const LOCK_NOT_AVAILABLE = '55P03';

/** While nothing is read and no checkpoint moves; nothing when that did not come to be within `patience` milliseconds. */
async function exclusively<Result>(
  sql: Sql,
  patience: number,
  prepare: () => Promise<void>,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  // A process that is stopped in the middle would stop all that read: the server then ends its connection.
  const begin = `begin; set local lock_timeout = ${patience};
    set local idle_in_transaction_session_timeout = 2000`;
  try {
    return await inTransaction(sql, begin, async () => {
      await prepare();
      await sql.query('lock table public.projection in access exclusive mode');
      return work();
    });
  } catch (error) {
    if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return undefined;
    throw error;
  }
}

const BEGIN = 'begin';

async function inTransaction<Result>(sql: Sql, begin: string, work: () => Promise<Result>): Promise<Result> {
  try {
    await sql.query(begin);
    const result = await work();
    await sql.query('commit');
    return result;
  } catch (error) {
    await sql.query('rollback').catch(() => undefined);
    throw error;
  }
}
