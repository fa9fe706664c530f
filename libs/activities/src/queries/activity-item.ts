/** A row of the list as SQL gives it. */
export type ActivityItemRow = Readonly<Record<'id' | 'title' | 'recorded_at' | 'earliest_start', string>> &
  Readonly<Record<string, unknown>>;

/** An activity in a list: its fields by the names of the contract; what is not recorded is absent. */
export interface ActivityItem extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly title: string;
}

export function activityItem(row: ActivityItemRow): ActivityItem {
  return recorded({
    id: row.id,
    title: row.title,
    kind: row.kind,
    status: row.status,
    programme: row.programme,
    area: row.area,
    organiser: recorded({
      name: row.organiser_name,
      kind: row.organiser_kind,
      country: row.organiser_country,
    }),
    delivery: row.delivery,
    place: recorded({ country: row.place_country, city: row.place_city, venue: row.place_venue }),
    role: row.role,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    held: recorded({ startsOn: row.held_starts_on, endsOn: row.held_ends_on }),
    subtype: row.subtype,
    reference: row.reference,
    cycleId: row.cycle_id,
    quota: row.quota,
    proposedBy: row.proposed_by,
    recordedAt: row.recorded_at,
  }) as ActivityItem;
}

/** Without what is null; undefined when nothing is left. */
function recorded(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
