import { CONTROL_CHANNEL } from '../checkpoint.js';
import type { Sql } from '../table-sql.js';

/** What a pause has set. */
export const RESUMED =
  "state = 'running', error = null, paused_at = null, paused_by = null, pause_reason = null";

/**
 * Has a paused projection go on from its checkpoint.
 * @returns false when it is not paused
 */
export async function resumeProjection(sql: Sql, name: string): Promise<boolean> {
  const { rows } = await sql.query(
    `with resumed as (
       update public.projection set ${RESUMED} where name = $1 and state = 'paused' returning name)
     select pg_notify('${CONTROL_CHANNEL}', name) from resumed`,
    [name],
  );
  return rows.length > 0;
}
