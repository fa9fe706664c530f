import { firstDay, lastDay, searchable } from '#shared-kernel';
import type { ActivityChanges } from '../domain/events.js';
import type { ActivityFields } from '../domain/fields.js';

/** A row of activities.activity. Absent and null are the same: not recorded. */
export type ActivityRow = {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  /** As in the domain's `Activity.left`. */
  readonly left_statuses: readonly string[];
  /** Dates as given; planned ones are absent while postponed, held ones until held. */
  readonly starts_on?: string | null;
  readonly ends_on?: string | null;
  readonly held_starts_on?: string | null;
  readonly held_ends_on?: string | null;
  /** Days between which it starts, and the last on which it may end, by which it is placed in a period: by the held dates,
   * else the planned ones, else those planned before it was postponed. */
  readonly earliest_start: string;
  readonly latest_start: string;
  readonly latest_end: string;
  readonly recorded_at: string;
  readonly proposed_by: string;
  readonly search_text: string;
  /** Null rather than empty, so that the index holds only activities that have some. */
  readonly goal_ids?: readonly string[] | null;
} & Readonly<Partial<Record<DescribingColumn, string | number | null>>>;

type DescribingColumn =
  | 'kind'
  | 'programme'
  | 'area'
  | 'role'
  | 'delivery'
  | 'organiser_name'
  | 'organiser_kind'
  | 'organiser_country'
  | 'place_country'
  | 'place_city'
  | 'place_venue'
  | 'subtype'
  | 'reference'
  | 'cycle_id'
  | 'quota';

const COLUMNS: Readonly<Record<string, keyof ActivityRow>> = {
  title: 'title',
  kind: 'kind',
  programme: 'programme',
  area: 'area',
  role: 'role',
  delivery: 'delivery',
  subtype: 'subtype',
  reference: 'reference',
  cycleId: 'cycle_id',
  quota: 'quota',
  startsOn: 'starts_on',
  endsOn: 'ends_on',
};

/** Columns that the fields give, for those fields that are there; null empties a column. */
export function describe(fields: Partial<ActivityFields> | ActivityChanges): Partial<ActivityRow> {
  const { organiser, place, goalIds } = fields;
  const columns: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) if (COLUMNS[field]) columns[COLUMNS[field]] = value;
  if (goalIds) columns.goal_ids = goalIds.length > 0 ? goalIds : null;
  if (organiser !== undefined) {
    columns.organiser_name = organiser?.name ?? null;
    columns.organiser_kind = organiser?.kind ?? null;
    columns.organiser_country = organiser?.country ?? null;
  }
  if (place !== undefined) {
    columns.place_country = place?.country ?? null;
    columns.place_city = place?.city ?? null;
    columns.place_venue = place?.venue ?? null;
  }
  return columns;
}

/** Fills in what follows from the other columns. */
export function derived(
  row: Omit<ActivityRow, 'search_text' | DayColumn> & Partial<ActivityRow>,
): ActivityRow {
  const { title, reference, subtype, organiser_name, place_city, place_venue } = row;
  const words = [title, reference, subtype, organiser_name, place_city, place_venue];
  return {
    ...row,
    ...days(row),
    search_text: searchable(words.filter((word) => word != null).join(' ')),
  } as ActivityRow;
}

type DayColumn = 'earliest_start' | 'latest_start' | 'latest_end';

function days(row: Partial<ActivityRow>): Partial<Pick<ActivityRow, DayColumn>> {
  const [start, end] = row.held_starts_on
    ? [row.held_starts_on, row.held_ends_on]
    : [row.starts_on, row.ends_on];
  // Postponed: it stays in the period it was planned for.
  if (!start) return {};
  return { earliest_start: firstDay(start), latest_start: lastDay(start), latest_end: lastDay(end ?? start) };
}
