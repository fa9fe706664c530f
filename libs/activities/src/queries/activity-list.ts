import { conditions, periodConditions, wordConditions } from '#postgres';
import { known, listSchema, periodParameters, utc, type ListDefinition } from '#aggregates';
import { country, line, uuid } from '#shared-kernel';
import { z } from 'zod';
import { activityStatuses } from '../domain/activity.js';
import { areas, kinds, programmes } from '../domain/fields.js';
import { activitiesProjection } from '../projections/activities-projection.js';

const sorts = {
  startsOn: { column: 'a.earliest_start', type: 'date' },
  '-startsOn': { column: 'a.earliest_start', type: 'date', descending: true },
  recordedAt: { column: 'a.recorded_at', type: 'timestamptz' },
} as const;

/** Query parameters of the list. A period takes in what starts in it for certain, as the reports do. */
export const activityListSchema = listSchema(Object.keys(sorts), {
  ...periodParameters,
  kind: z.enum(kinds).optional(),
  status: z.enum(activityStatuses).optional(),
  programme: z.enum(programmes).optional(),
  area: z.enum(areas).optional(),
  organiser: line(300).optional().meta({ description: "The organiser's name, in any case" }),
  country: country.optional().meta({ description: 'Took part' }),
  institution: line(300).optional().meta({ description: 'Took part; the name in any case' }),
  reference: line(100).optional(),
  goalId: uuid.optional().meta({ description: 'Serves this partnership goal' }),
  cycleId: uuid.optional().meta({ description: "In this cycle of the partnership's documents" }),
  q: line(200).optional().meta({ description: 'Words that title, reference, organiser or place contain' }),
});

export const activityList: ListDefinition<z.output<typeof activityListSchema>> = {
  projection: activitiesProjection.name,
  table: 'activity',
  columns: [
    ...['title', 'kind', 'status', 'programme', 'area', 'role', 'organiser_name', 'organiser_kind'],
    ...[
      'organiser_country',
      'delivery',
      'place_country',
      'place_city',
      'place_venue',
      'starts_on',
      'ends_on',
    ],
    ...['held_starts_on', 'held_ends_on', 'subtype', 'reference', 'cycle_id', 'quota', 'proposed_by'],
    `${utc('a.recorded_at')} as recorded_at`,
  ],
  sorts,
  filters(given, parameters, holds) {
    const taking = conditions(
      parameters,
      [given.country, (value) => `p.country = ${value}`],
      [given.institution, (value) => `lower(p.institution) = lower(${value})`],
    ).join(' and ');
    return [
      ...periodConditions(parameters, given, 'a.earliest_start', 'a.latest_start'),
      ...conditions(
        parameters,
        [given.kind, (value) => `a.kind = ${value}`],
        [given.status, (value) => `a.status = ${value}`],
        [given.programme, (value) => `a.programme = ${value}`],
        [given.area, (value) => `a.area = ${value}`],
        [given.organiser, (value) => `lower(a.organiser_name) = lower(${value})`],
        [given.reference, (value) => `lower(a.reference) = lower(${value})`],
        [given.goalId && JSON.stringify([given.goalId]), (value) => `a.goal_ids @> ${value}::jsonb`],
        [given.cycleId, (value) => `a.cycle_id = ${value}`],
      ),
      ...wordConditions(parameters, given.q, 'a.search_text'),
      ...(taking
        ? [
            `exists (select 1 from activities.participation p where p.activity_id = a.id and ${holds('p')} and ${taking})`,
          ]
        : []),
    ];
  },
  item: (row) => ({
    id: row.id,
    title: row.title,
    kind: row.kind,
    status: row.status,
    programme: row.programme,
    area: row.area,
    organiser: known({ name: row.organiser_name, kind: row.organiser_kind, country: row.organiser_country }),
    delivery: row.delivery,
    place: known({ country: row.place_country, city: row.place_city, venue: row.place_venue }),
    role: row.role,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    held: known({ startsOn: row.held_starts_on, endsOn: row.held_ends_on }),
    subtype: row.subtype,
    reference: row.reference,
    cycleId: row.cycle_id,
    quota: row.quota,
    proposedBy: row.proposed_by,
    recordedAt: row.recorded_at,
  }),
};
