import { CONTROL_CHANNEL } from '../checkpoint.js';
import type { Sql } from '../table-sql.js';
import type { Decision } from './decision.js';
import { RESUMED } from './resume-projection.js';

/**
 * Has a projection leave out the event that paused it, and go on after it. It is noted, and holds until the rows are made anew.
 * @returns false when it is not paused, or not by the event at this position
 */
export async function skipEvent(
  sql: Sql,
  name: string,
  position: bigint,
  { by, reason, at }: Decision & { readonly reason: string },
): Promise<boolean> {
  const { rows } = await sql.query(
    `with before as (select name, error from public.projection where name = $1 for update),
     resumed as (
       update public.projection known set ${RESUMED} from before
       where known.name = before.name and known.state = 'paused' and known.error ->> 'position' = $2
       returning known.name, before.error),
     noted as (
       insert into public.projection_skip (projection, position, skipped_at, skipped_by, reason, error)
       select name, $2::bigint, $3, $4, $5, error from resumed)
     select pg_notify('${CONTROL_CHANNEL}', name) from resumed`,
    [name, String(position), at, by, reason],
  );
  return rows.length > 0;
}
