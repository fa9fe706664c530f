import type { Sql } from './table-sql.js';

/** Milliseconds between a leader's signs of life, and between looks of those who wait to lead. */
export const HEARTBEAT = 1_000;
/** Seconds without a sign of life after which a leader's connection is ended for it. */
const SILENT = 3;

const LOCK = "hashtext('projection'), hashtext($1)";

/** Whether this connection leads the projection: it does until the connection ends, whoever ends it. */
export async function tryToLead(sql: Sql, name: string): Promise<boolean> {
  const { rows } = await sql.query(`select pg_try_advisory_lock(${LOCK}) as leads`, [name]);
  return (rows[0] as { leads: boolean }).leads;
}

/**
 * Ends the connection of a leader that is stopped or cut off, so that another can lead. A sign of life is any statement: the
 * server knows when each connection's last one was, even within a transaction, and nothing needs to be written for it. One that is
 * at work on a statement is alive, unless nobody takes its answer.
 * @returns whether one was ended
 */
export async function endSilentLeader(sql: Sql, name: string): Promise<boolean> {
  return endLeader(
    sql,
    name,
    `(activity.state <> 'active' or activity.wait_event = 'ClientWrite')
     and activity.state_change < clock_timestamp() - interval '${SILENT} seconds'`,
  );
}

/**
 * Ends the connection of whoever leads; what it has not committed is undone.
 * @param condition in SQL, on its row of pg_stat_activity as `activity`
 * @returns whether one was ended
 */
export async function endLeader(sql: Sql, name: string, condition = 'true'): Promise<boolean> {
  const { rows } = await sql.query(
    `select pg_terminate_backend(activity.pid, 1000) as ended
     from pg_locks held join pg_stat_activity activity on activity.pid = held.pid
     where held.locktype = 'advisory' and held.granted and held.objsubid = 2
       and held.database = (select oid from pg_database where datname = current_database())
       and held.classid::bigint = hashtext('projection')::bigint & 4294967295
       and held.objid::bigint = hashtext($1)::bigint & 4294967295
       and ${condition}`,
    [name],
  );
  return (rows as { ended: boolean }[]).some(({ ended }) => ended);
}

/** Lets another lead, although this connection stays. */
export async function leadNoMore(sql: Sql, name: string): Promise<void> {
  await sql.query(`select pg_advisory_unlock(${LOCK})`, [name]);
}

/** Gives signs of life on a connection, one at a time, until the timer is cleared. */
export function beat(sql: Sql): NodeJS.Timeout {
  let isAsking = false;
  return setInterval(() => {
    if (isAsking) return;
    isAsking = true;
    // In a transaction that has failed it is refused, and was a sign of life all the same; a lost connection tells of itself.
    void sql
      .query('select 1')
      .catch(() => undefined)
      .finally(() => (isAsking = false));
  }, HEARTBEAT);
}
