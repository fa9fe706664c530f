import { holds, type Bound, type Query } from '#postgres';
import type { Period } from '../period.js';
import { compare } from '../rows.js';
import {
  fundingAmount,
  isApproximate,
  isDatedIn,
  isIn,
  personFigures,
  type ContributionFigures,
  type Days,
  type Segment,
} from './contribution-figures.js';

/** One contribution in a period: figures of persons, or an amount of money. No two are ever added up. */
export interface ContributionRow extends Partial<ContributionFigures> {
  readonly id: string;
  readonly operation: string;
  readonly kind: string;
  readonly unit: string;
  /** Of funding: pledged or paid. */
  readonly basis?: string;
  /** Of funding: whole units of the currency dated in the period. */
  readonly amount?: number | null;
  /** Goes on as far as is known. */
  readonly openEnded: boolean;
  /** Some of its dates are known by their month or year only. */
  readonly approximate: boolean;
  readonly segments: readonly Segment[];
}

interface Found {
  readonly id: string;
  readonly operation: string;
  readonly kind: string;
  readonly unit: string;
  readonly basis: string | null;
  readonly segments: readonly { from: string; to: string | null; value: number | null }[];
}

/** What was contributed to operations in a period, up to the report's own day. */
export async function listContributions(
  query: Query,
  bound: Bound,
  period: Period,
): Promise<ContributionRow[]> {
  const rows = await query<Found>(
    `select c.id, c.operation, c.kind, c.unit, c.basis,
       jsonb_agg(jsonb_build_object('from', s.from_date, 'to', s.to_date, 'value', s.value)
         order by s.first_day, s.id) as segments
     from partnership.contribution c
     join partnership.segment s on s.contribution_id = c.id and ${holds(bound, 's')}
     where ${holds(bound, 'c')} and c.status <> 'withdrawn' group by 1, 2, 3, 4, 5`,
    [bound.position],
  );
  const today = bound.time.slice(0, 10);
  const within: Days = { from: period.from, to: today < period.to ? today : period.to };
  return rows
    .flatMap((row) => contribution(row, within))
    .sort((one, other) => compare(keyOf(one), keyOf(other)));
}

const keyOf = ({ operation, kind, unit, basis = '', id }: ContributionRow): string =>
  [operation, kind, unit, basis, id].join('\n');

function contribution(found: Found, within: Days): ContributionRow[] {
  const { id, operation, kind, unit, basis } = found;
  const funding = kind === 'funding';
  const segments = found.segments
    .map(({ from, to, value }) => ({
      from,
      ...(to === null ? {} : { to }),
      ...(value === null ? {} : { value }),
    }))
    .filter((segment) => (funding ? isDatedIn(segment, within) : isIn(segment, within)));
  if (segments.length === 0) return [];
  return [
    {
      id,
      operation,
      kind,
      unit,
      ...(basis === null ? {} : { basis }),
      ...(funding ? { amount: fundingAmount(segments) } : personFigures(segments, within)),
      openEnded: !funding && segments.some(({ to }) => to === undefined),
      approximate: segments.some(isApproximate),
      segments,
    },
  ];
}
