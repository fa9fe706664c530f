import type { TableDefinition } from '#event-sourcing';

/** The projection's tables; read-model/entities.ts and its migration describe the same to PostgreSQL. */
export const activityTable: TableDefinition = {
  name: 'activity',
  key: ['id'],
  columns: {
    id: 'uuid',
    title: 'text',
    kind: 'text',
    status: 'text',
    left_statuses: 'jsonb',
    programme: 'text',
    area: 'text',
    organiser_name: 'text',
    organiser_kind: 'text',
    organiser_country: 'text',
    delivery: 'text',
    place_country: 'text',
    place_city: 'text',
    place_venue: 'text',
    role: 'text',
    starts_on: 'text',
    ends_on: 'text',
    held_starts_on: 'text',
    held_ends_on: 'text',
    earliest_start: 'date',
    latest_start: 'date',
    latest_end: 'date',
    subtype: 'text',
    reference: 'text',
    cycle_id: 'uuid',
    goal_ids: 'jsonb',
    quota: 'integer',
    proposed_by: 'text',
    recorded_at: 'timestamptz',
    search_text: 'text',
  },
};

export const participationTable: TableDefinition = {
  name: 'participation',
  key: ['id'],
  columns: {
    id: 'uuid',
    activity_id: 'uuid',
    country: 'text',
    institution: 'text',
    role: 'text',
    total: 'integer',
    military: 'integer',
    civilian: 'integer',
    female: 'integer',
    male: 'integer',
  },
};

export const costTable: TableDefinition = {
  name: 'cost',
  key: ['id'],
  columns: {
    id: 'uuid',
    activity_id: 'uuid',
    payer: 'text',
    category: 'text',
    amount_minor: 'bigint',
    currency: 'text',
    status: 'text',
  },
};

export const nominationTable: TableDefinition = {
  name: 'nomination',
  key: ['id'],
  columns: {
    id: 'uuid',
    activity_id: 'uuid',
    institution: 'text',
    country: 'text',
    role: 'text',
    persons: 'integer',
  },
};
