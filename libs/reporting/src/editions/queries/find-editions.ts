import { utc } from '#aggregates';
import { AggregateNotFound } from '#event-sourcing';
import { holds, type Bound, type Query } from '#postgres';
import { totalsFrom, type Totals } from '../../counts/report-figures.js';

/** An edition as it was published: nothing in it ever changes. */
export interface Edition {
  readonly year: number;
  readonly edition: number;
  /** RFC 3339. */
  readonly publishedAt: string;
  /** Id of the actor. */
  readonly publishedBy: string;
  readonly reason?: string;
  readonly note?: string;
  /** The state that it shows. */
  readonly asOf: { readonly position: string; readonly time: string };
  readonly annualTarget: number;
  readonly format: number;
  /** Of its report's canonical JSON. */
  readonly sha256: string;
  readonly seal: { readonly root: string; readonly streams: number };
  readonly totals: Totals;
}

/** An edition as it is listed: who published it, when and why, and what proves it. */
export type EditionItem = Omit<Edition, 'annualTarget' | 'format' | 'totals'>;

/** An edition without what only its rendering needs. */
export function editionItem(found: Edition): EditionItem {
  const { edition, year, publishedAt, publishedBy, note, reason, asOf, sha256, seal } = found;
  return {
    ...{ edition, year, publishedAt, publishedBy },
    ...(note === undefined ? {} : { note }),
    ...(reason === undefined ? {} : { reason }),
    ...{ asOf, sha256, seal },
  };
}

const COLUMNS = `e.edition, e.year, ${utc('e.published_at')} as "publishedAt", e.actor as "publishedBy", e.reason, e.note,
  json_build_object('position', e.position::text, 'time', e.time) as "asOf", e.annual_target as "annualTarget", e.format,
  e.sha256, json_build_object('root', e.root, 'streams', e.streams) as seal, e.totals`;

/** The editions of a year in a state, the first one first. */
export async function listEditions(query: Query, bound: Bound, year: number): Promise<Edition[]> {
  const rows = await query<Row>(
    `select ${COLUMNS} from reporting.edition e where e.year = $2 and ${holds(bound, 'e')} order by e.edition`,
    [bound.position, year],
  );
  return rows.map(editionOf);
}

/** @throws AggregateNotFound when the year has no such edition in this state */
export async function findEdition(
  query: Query,
  bound: Bound,
  year: number,
  number: number,
): Promise<Edition> {
  const found = (await listEditions(query, bound, year)).find((one) => one.edition === number);
  if (!found) throw new AggregateNotFound('EditionNotFound', `There is no edition ${number} of ${year}.`);
  return found;
}

/** Of each year that is published in a state, or of one year, the newest edition. */
export async function newestEditions(query: Query, bound: Bound, year?: number): Promise<Edition[]> {
  const rows = await query<Row>(
    `select distinct on (e.year) ${COLUMNS} from reporting.edition e
     where ($2::integer is null or e.year = $2) and ${holds(bound, 'e')} order by e.year, e.edition desc`,
    [bound.position, year ?? null],
  );
  return rows.map(editionOf);
}

type Row = Omit<Edition, 'reason' | 'note'> & {
  readonly reason: string | null;
  readonly note: string | null;
};

const editionOf = ({ reason, note, totals, ...row }: Row): Edition => ({
  ...row,
  // In the report's order, which the database does not keep.
  totals: totalsFrom({ ...totals.activities, ...totals.participation }),
  ...(reason === null ? {} : { reason }),
  ...(note === null ? {} : { note }),
});
