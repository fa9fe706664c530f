import { CONTROL_CHANNEL } from '../checkpoint.js';
import type { Projection } from '../projection.js';
import type { Sql } from '../table-sql.js';
import type { Decision } from './decision.js';

/**
 * Has whoever leads the projection, now or later, apply nothing more. One that nobody has led yet may be paused too.
 * @returns false when it is paused already
 */
export async function pauseProjection(
  sql: Sql,
  { name, version }: Pick<Projection, 'name' | 'version'>,
  { by, reason, at }: Decision,
): Promise<boolean> {
  const { rows } = await sql.query(
    `with paused as (
       insert into public.projection as known (name, version, state, paused_at, paused_by, pause_reason)
       values ($1, $2, 'paused', $3, $4, $5)
       on conflict (name) do update set state = 'paused', paused_at = $3, paused_by = $4, pause_reason = $5
       where known.state = 'running' returning name)
     select pg_notify('${CONTROL_CHANNEL}', name) from paused`,
    [name, version, at, by, reason ?? null],
  );
  return rows.length > 0;
}
