import { conditions, periodConditions, wordConditions } from '#postgres';
import { known, listSchema, periodParameters, utc, type ListDefinition } from '#aggregates';
import { line, uuid } from '#shared-kernel';
import { z } from 'zod';
import { dialogueStatuses } from '../domain/dialogue.js';
import { formats, levels } from '../domain/fields.js';
import { dialogueProjection } from '../projections/dialogue-projection.js';

const sorts = {
  date: { column: 'a.earliest_date', type: 'date' },
  '-date': { column: 'a.earliest_date', type: 'date', descending: true },
  recordedAt: { column: 'a.recorded_at', type: 'timestamptz' },
} as const;

/** Query parameters of the list. A period takes in what begins in it for certain, as the reports do. */
export const dialogueListSchema = listSchema(Object.keys(sorts), {
  ...periodParameters,
  format: z.enum(formats).optional(),
  level: z.enum(levels).optional(),
  status: z.enum(dialogueStatuses).optional().meta({ description: 'Without it, all but the withdrawn ones' }),
  topic: line(200).optional().meta({ description: 'One of its topics, in any case' }),
  q: line(200).optional().meta({ description: 'Words that title, counterpart, topics or place contain' }),
  cycleId: uuid.optional(),
});

export const dialogueList: ListDefinition<z.output<typeof dialogueListSchema>> = {
  projection: dialogueProjection.name,
  table: 'session',
  columns: [
    ...['title', 'format', 'level', 'status', 'counterpart', 'place_country', 'place_city', 'place_venue'],
    ...['date', 'end_date', 'held_date', 'held_end_date', 'topics', 'own_delegation_head', 'cycle_id'],
    `${utc('a.recorded_at')} as recorded_at`,
  ],
  sorts,
  filters: (given, parameters) => [
    ...periodConditions(parameters, given, 'a.earliest_date', 'a.latest_date'),
    // Recorded by mistake: only who asks for such sees them.
    ...(given.status === undefined ? [`a.status <> 'withdrawn'`] : []),
    ...conditions(
      parameters,
      [given.format, (value) => `a.format = ${value}`],
      [given.level, (value) => `a.level = ${value}`],
      [given.status, (value) => `a.status = ${value}`],
      [
        given.topic,
        (value) =>
          `exists (select 1 from jsonb_array_elements_text(a.topics) topic where lower(topic) = lower(${value}))`,
      ],
      [given.cycleId, (value) => `a.cycle_id = ${value}`],
    ),
    ...wordConditions(parameters, given.q, 'a.search_text'),
  ],
  item: (row) => ({
    id: row.id,
    title: row.title,
    format: row.format,
    level: row.level,
    status: row.status,
    counterpart: row.counterpart,
    place: known({ country: row.place_country, city: row.place_city, venue: row.place_venue }),
    date: row.date,
    endDate: row.end_date,
    held: known({ date: row.held_date, endDate: row.held_end_date }),
    topics: row.topics,
    ownDelegationHead: row.own_delegation_head,
    cycleId: row.cycle_id,
    recordedAt: row.recorded_at,
  }),
};
