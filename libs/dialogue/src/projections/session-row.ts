import { firstDay, lastDay, searchable } from '#shared-kernel';
import type { DialogueChanges } from '../domain/events.js';
import type { DialogueFields } from '../domain/fields.js';
import type { Dates } from '../domain/rules.js';

/** A row of dialogue.session. Absent and null are the same: not recorded. */
export type SessionRow = {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  /** Its status before it was withdrawn, as long as it is. */
  readonly withdrawn_from?: string | null;
  /** Dates as given; the held ones are absent until it was held. */
  readonly date: string;
  readonly end_date?: string | null;
  readonly held_date?: string | null;
  readonly held_end_date?: string | null;
  /** Days between which it begins, and the last on which it may end: by the held dates, else the scheduled ones. */
  readonly earliest_date: string;
  readonly latest_date: string;
  readonly latest_end: string;
  readonly topics: readonly string[];
  readonly recorded_at: string;
  readonly search_text: string;
} & Readonly<Partial<Record<DescribingColumn, string | null>>>;

type DescribingColumn =
  | 'format'
  | 'level'
  | 'counterpart'
  | 'place_country'
  | 'place_city'
  | 'place_venue'
  | 'own_delegation_head'
  | 'cycle_id';

const COLUMNS: Readonly<Record<string, keyof SessionRow>> = {
  title: 'title',
  format: 'format',
  level: 'level',
  counterpart: 'counterpart',
  date: 'date',
  endDate: 'end_date',
  topics: 'topics',
  ownDelegationHead: 'own_delegation_head',
  cycleId: 'cycle_id',
};

/** Columns that the fields give, for those fields that are there; null empties a column. */
export function describe(fields: DialogueFields | DialogueChanges): Partial<SessionRow> {
  const { place } = fields;
  const columns: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) if (COLUMNS[field]) columns[COLUMNS[field]] = value;
  if (place !== undefined) {
    columns.place_country = place?.country ?? null;
    columns.place_city = place?.city ?? null;
    columns.place_venue = place?.venue ?? null;
  }
  return columns;
}

export const heldOn = ({ date, endDate }: Dates) => ({ held_date: date, held_end_date: endDate ?? null });

/** Fills in what follows from the other columns. */
export function derived(row: Partial<SessionRow>): SessionRow {
  const { title, counterpart, topics = [], place_city, place_venue } = row;
  const words = [title, counterpart, ...topics, place_city, place_venue];
  const [date, end] = row.held_date ? [row.held_date, row.held_end_date] : [row.date!, row.end_date];
  return {
    ...row,
    earliest_date: firstDay(date),
    latest_date: lastDay(date),
    latest_end: lastDay(end ?? date),
    search_text: searchable(words.filter((word) => word != null).join(' ')),
  } as SessionRow;
}
