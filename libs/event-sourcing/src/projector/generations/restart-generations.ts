import type { Sql } from '../table-sql.js';
import { beginGeneration, dropGeneration, GenerationConflict } from './generations.js';

/**
 * Runs what changes the tables that serve. Those of generations under way would lack it, so they are given up before, and
 * begun anew after.
 */
export async function restartGenerations<Result>(
  sql: Sql,
  at: Date,
  migrate: () => Promise<Result>,
): Promise<Result> {
  const underWay = await readUnderWay(sql);
  for (const { name } of underWay) await dropGeneration(sql, name, at);
  const result = await migrate();
  for (const { projection: name, version, started_by, start_reason } of underWay) {
    const beginning = { by: started_by ?? undefined, reason: start_reason ?? undefined, at };
    await beginGeneration(sql, { name, version }, beginning).catch((error: unknown) => {
      // Somebody was faster, or it is needed no more.
      if (!(error instanceof GenerationConflict)) throw error;
    });
  }
  return result;
}

interface Row {
  readonly name: string;
  readonly projection: string;
  readonly version: number;
  readonly started_by: string | null;
  readonly start_reason: string | null;
}

async function readUnderWay(sql: Sql): Promise<Row[]> {
  // Before the first migrations there are none, nor a place for them.
  const { rows: known } = await sql.query(
    "select from pg_class where oid = to_regclass('public.projection_building')",
  );
  if (known.length === 0) return [];
  const { rows } = await sql.query("select * from public.projection where phase = 'building'");
  return rows as Row[];
}
