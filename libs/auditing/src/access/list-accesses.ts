import { conditions, SqlParameters, type Query } from '#postgres';
import { known, utc } from '#aggregates';
import type { AccessOutcome } from '../read-model/entities.js';

/** An entry of the access trail. */
export interface Access {
  readonly id: string;
  readonly actor: string;
  readonly route: string;
  readonly filters: object;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly outcome: AccessOutcome;
  readonly count?: number;
}

export interface AccessPage {
  readonly items: readonly Access[];
  readonly nextCursor: string | null;
}

export interface AccessFilters {
  readonly actor?: string;
  /** RFC 3339, inclusive. */
  readonly from?: string;
  /** RFC 3339, exclusive. */
  readonly to?: string;
  readonly limit: number;
  /** Id of the page's last entry. */
  readonly cursor?: string;
}

/** A page of the access trail, newest first. */
export async function listAccesses(
  query: Query,
  { actor, from, to, limit, cursor }: AccessFilters,
): Promise<AccessPage> {
  const parameters = new SqlParameters();
  const where = conditions(
    parameters,
    [cursor ?? '9223372036854775807', (id) => `id < ${id}::bigint`],
    [actor, (id) => `actor = ${id}`],
    [from, (time) => `started_at >= ${time}::timestamptz`],
    [to, (time) => `started_at < ${time}::timestamptz`],
  ).join(' and ');
  const rows = await query<Access>(
    `select id, actor, route, filters, ${utc('started_at')} as "startedAt", ${utc('ended_at')} as "endedAt", outcome,
       count::float8 as count
     from public.access where ${where} order by id desc limit ${parameters.add(limit + 1)}`,
    parameters.values,
  );
  const items = rows.slice(0, limit);
  return {
    items: items.map((row) => known({ ...row }) as unknown as Access),
    nextCursor: rows.length > limit ? items.at(-1)!.id : null,
  };
}
