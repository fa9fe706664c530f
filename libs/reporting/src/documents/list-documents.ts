import { holds, type Bound, type Query } from '#postgres';
import type { PartialDate } from '#shared-kernel';
import type { Period } from '../period.js';
import { compare } from '../rows.js';

export interface MilestoneRow {
  readonly milestone: string;
  readonly on: PartialDate;
}

export interface CycleRow {
  readonly id: string;
  readonly title?: string;
  readonly from: PartialDate;
  readonly to: PartialDate;
  readonly status: string;
}

/** A document that was agreed or in force at the period's end, reached a milestone in it, or had a cycle in it. */
export interface DocumentRow {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  /** The last milestone that was reached for certain by the period's end; null when none is dated. */
  readonly status: string | null;
  readonly since: PartialDate | null;
  /** It is superseded or expired, but since when is not recorded. */
  readonly endNotRecorded: boolean;
  /** Reached in the period for certain. */
  readonly milestones: readonly MilestoneRow[];
  readonly cycles: readonly CycleRow[];
}

export interface Documents {
  readonly documents: readonly DocumentRow[];
  /** How many have no dated milestone and no cycle: no period can be said to hold them. */
  readonly undated: number;
}

type Milestone = MilestoneRow & { readonly earliest: string; readonly latest: string };
type Cycle = CycleRow & { readonly first: string; readonly last: string };
interface Found {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  /** In the order of `ORDER`. */
  readonly dated: readonly Milestone[];
  readonly undated: readonly string[];
  readonly cycles: readonly Cycle[];
}

const ORDER = "array['drafted', 'presented', 'agreed', 'in-force', 'superseded', 'expired']";
const IN_FORCE = ['agreed', 'in-force'];
const OVER = ['superseded', 'expired'];

/** The documents of a period, with their milestones and action-plan cycles. */
export async function listDocuments(query: Query, bound: Bound, period: Period): Promise<Documents> {
  const rows = await query<Found>(
    `select d.id, d.type, d.title, coalesce(m.dated, '[]') as dated, coalesce(m.undated, '[]') as undated,
       coalesce(c.cycles, '[]') as cycles
     from partnership.document d
     left join lateral (
       select jsonb_agg(jsonb_build_object('milestone', m.milestone, 'on', m.on_date, 'earliest', m.earliest,
           'latest', m.latest) order by array_position(${ORDER}, m.milestone)) filter (where m.on_date is not null) as dated,
         jsonb_agg(m.milestone) filter (where m.on_date is null) as undated
       from partnership.milestone m where m.document_id = d.id and ${holds(bound, 'm')}) m on true
     left join lateral (
       select jsonb_agg(jsonb_build_object('id', c.id, 'title', c.title, 'from', c.from_date, 'to', c.to_date,
           'status', c.status, 'first', c.first_day, 'last', c.last_day) order by c.first_day) as cycles
       from partnership.cycle c where c.document_id = d.id and ${holds(bound, 'c')}) c on true
     where ${holds(bound, 'd')} and d.status <> 'withdrawn'`,
    [bound.position],
  );
  return {
    documents: rows
      .flatMap((row) => document(row, period))
      .sort((one, other) => compare(`${one.title}\n${one.id}`, `${other.title}\n${other.id}`)),
    undated: rows.filter(({ dated, cycles }) => dated.length === 0 && cycles.length === 0).length,
  };
}

function document({ id, type, title, dated, undated, cycles }: Found, period: Period): DocumentRow[] {
  const last = dated.filter(({ latest }) => latest <= period.to).at(-1);
  const reached = dated.filter(({ earliest, latest }) => earliest >= period.from && latest <= period.to);
  const running = cycles.filter(({ first, last: end }) => first <= period.to && end >= period.from);
  const inForce = last !== undefined && IN_FORCE.includes(last.milestone);
  if (!inForce && reached.length === 0 && running.length === 0) return [];
  return [
    {
      id,
      type,
      title,
      status: last?.milestone ?? null,
      since: last?.on ?? null,
      endNotRecorded: undated.some((milestone) => OVER.includes(milestone)),
      milestones: reached.map(({ milestone, on }) => ({ milestone, on })),
      cycles: running.map(({ id: cycle, title: name, from, to, status }) => ({
        id: cycle,
        ...(name === null || name === undefined ? {} : { title: name }),
        from,
        to,
        status,
      })),
    },
  ];
}
