import { holds, type Bound, type Query } from '#postgres';
import type { Period } from '../period.js';
import type { CycleReport } from '../report.js';

export interface FoundCycle {
  readonly cycle: CycleReport['cycle'];
  readonly period: Period;
  /** Of the cycle before it of the same document. */
  readonly before?: Period;
}

interface Row {
  readonly id: string;
  readonly document_id: string;
  readonly document: string;
  readonly title: string | null;
  readonly from_date: string;
  readonly to_date: string;
  readonly agreed_on: string | null;
  readonly status: string;
  readonly first: string;
  readonly last: string;
  readonly activities: number;
  readonly sessions: number;
  readonly goals: number;
}

/** An action-plan cycle as of a state, and what of other contexts names it; undefined when it is not there. */
export async function findCycle(query: Query, bound: Bound, id: string): Promise<FoundCycle | undefined> {
  const rows = await query<Row>(
    `select c.id, c.document_id, d.title as document, c.title, c.from_date, c.to_date, c.agreed_on, c.status,
       c.first_day::text as first, c.last_day::text as last,
       (select count(*)::int from activities.activity a
        where a.cycle_id = c.id and ${holds(bound, 'a')} and a.status not in ('rejected', 'duplicate')) as activities,
       (select count(*)::int from dialogue.session s
        where s.cycle_id = c.id and ${holds(bound, 's')} and s.status <> 'withdrawn') as sessions,
       (select count(*)::int from partnership.goal g where g.cycle_id = c.id and ${holds(bound, 'g')}) as goals
     from partnership.cycle wanted
     join partnership.cycle c on c.document_id = wanted.document_id and c.first_day <= wanted.first_day and ${holds(bound, 'c')}
     join partnership.document d on d.id = c.document_id and ${holds(bound, 'd')} and d.status <> 'withdrawn'
     where wanted.id = $2 and ${holds(bound, 'wanted')}
     order by c.first_day desc limit 2`,
    [bound.position, id],
  );
  const [found, before] = rows;
  return (
    found && { cycle: cycleOf(found), period: periodOf(found), ...(before && { before: periodOf(before) }) }
  );
}

function cycleOf(row: Row): CycleReport['cycle'] {
  const { activities, sessions, goals } = row;
  return {
    id: row.id,
    documentId: row.document_id,
    document: row.document,
    ...(row.title === null ? {} : { title: row.title }),
    from: row.from_date,
    to: row.to_date,
    ...(row.agreed_on === null ? {} : { agreedOn: row.agreed_on }),
    status: row.status,
    linked: { activities, sessions, goals },
  };
}

function periodOf({ document, title, from_date: from, to_date: to, first, last }: Row): Period {
  return { from: first, to: last, label: `${title ?? document} (${from}–${to})` };
}
