import { CONTROL_CHANNEL } from '../checkpoint.js';
import type { Sql } from '../table-sql.js';
import type { Decision } from './decision.js';

/**
 * Has whoever leads the projection, now or later, apply nothing more.
 * @returns false when it is paused already, or nobody has led it yet: see introduce
 */
export async function pauseProjection(
  sql: Sql,
  name: string,
  { by, reason, at }: Decision,
): Promise<boolean> {
  const { rows } = await sql.query(
    `with paused as (
       update public.projection set state = 'paused', paused_at = $2, paused_by = $3, pause_reason = $4
       where name = $1 and state = 'running' returning name)
     select pg_notify('${CONTROL_CHANNEL}', name) from paused`,
    [name, at, by, reason ?? null],
  );
  return rows.length > 0;
}
