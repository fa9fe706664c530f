import type { Projection } from '../projection.js';
import { CHECKPOINT_CHANNEL } from '../checkpoint.js';
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

/** The unique index of one read model under construction a projection. */
const UNDER_WAY = 'projection_building';

/**
 * Begins a new generation, empty; a projector fills it. Answers its name.
 * @throws GenerationConflict when one is under way
 */
export async function beginGeneration(sql: Sql, { name, version }: Projection): Promise<string> {
  return inTransaction(sql, async () => {
    const { rows } = await sql.query("select nextval('public.projection_generation') as number");
    const { number } = rows[0] as { number: string };
    const building = `${name}_${number}`;
    await sql
      .query(
        `insert into public.projection (name, projection, generation, version, phase)
         values ($1, $2, $3, $4, 'building')`,
        [building, name, number, version],
      )
      .catch((error: { constraint?: string }) => {
        throw error.constraint === UNDER_WAY
          ? new GenerationConflict(`a new read model of ${name} is being made already`)
          : error;
      });
    await cloneSchema(sql, name, building);
    return building;
  });
}

/** Milliseconds that reads under way may hold up the switch, and the switch the reads that come: then it is tried again later. */
const LONGEST_WAIT = 500;

/**
 * Lets a generation serve in place of the one that does, all at once, as soon as it is not behind it: what was read once is
 * never missing after. Reads that span several statements hold off the switch, see readSnapshot of #postgres.
 * @returns whether it serves; false when it is behind or reads take too long: try again
 */
export async function switchGeneration(sql: Sql, building: string): Promise<boolean> {
  if (!(await isAbreast(sql, building))) return false;
  try {
    return await inTransaction(sql, async () => {
      await sql.query(`set local lock_timeout = ${LONGEST_WAIT}`);
      await sql.query('lock table public.projection in access exclusive mode');
      // Checkpoints stand still now.
      if (!(await isAbreast(sql, building))) return false;
      const { rows } = await sql.query(
        `select serving.name, serving.generation from public.projection serving
         join public.projection building on building.projection = serving.name where building.name = $1`,
        [building],
      );
      const { name, generation } = rows[0] as { name: string; generation: number };
      const retired = `${name}_${generation}`;
      await sql.query(`alter schema ${name} rename to ${retired}`);
      await sql.query(`alter schema ${building} rename to ${name}`);
      await sql.query(
        "update public.projection set name = $2, projection = $1, phase = 'retired' where name = $1",
        [name, retired],
      );
      await sql.query("update public.projection set name = $2, phase = 'serving' where name = $1", [
        building,
        name,
      ]);
      await sql.query(
        `select pg_notify('${CHECKPOINT_CHANNEL}', name || ' ' || position) from public.projection where name = $1`,
        [name],
      );
      return true;
    });
  } catch (error) {
    if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

async function isAbreast(sql: Sql, building: string): Promise<boolean> {
  const { rows } = await sql.query(
    `select building.position >= serving.position as abreast from public.projection building
     join public.projection serving on serving.name = building.projection where building.name = $1`,
    [building],
  );
  return (rows[0] as { abreast: boolean } | undefined)?.abreast === true;
}

/**
 * Removes a generation that serves no more, or gives up one that is being made.
 * @throws GenerationNotFound, GenerationConflict when it serves
 */
export async function dropGeneration(sql: Sql, name: string): Promise<void> {
  await inTransaction(sql, async () => {
    const { rows } = await sql.query('select phase from public.projection where name = $1 for update', [
      name,
    ]);
    const [row] = rows as { phase: Phase }[];
    if (!row) throw new GenerationNotFound(`there is no generation ${name}`);
    if (row.phase === 'serving') throw new GenerationConflict(`${name} serves`);
    await sql.query('delete from public.projection where name = $1', [name]);
    await sql.query(`drop schema ${name} cascade`);
  });
}

async function inTransaction<Result>(sql: Sql, work: () => Promise<Result>): Promise<Result> {
  await sql.query('begin');
  try {
    const result = await work();
    await sql.query('commit');
    return result;
  } catch (error) {
    await sql.query('rollback').catch(() => undefined);
    throw error;
  }
}
