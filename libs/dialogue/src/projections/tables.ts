import type { TableDefinition } from '#event-sourcing';

/** The projection's tables; read-model/entities.ts and its migration describe the same to PostgreSQL. */
export const sessionTable: TableDefinition = {
  name: 'session',
  key: ['id'],
  columns: {
    id: 'uuid',
    title: 'text',
    status: 'text',
    withdrawn_from: 'text',
    format: 'text',
    level: 'text',
    counterpart: 'text',
    place_country: 'text',
    place_city: 'text',
    place_venue: 'text',
    date: 'text',
    end_date: 'text',
    held_date: 'text',
    held_end_date: 'text',
    earliest_date: 'date',
    latest_date: 'date',
    latest_end: 'date',
    topics: 'jsonb',
    own_delegation_head: 'text',
    cycle_id: 'uuid',
    recorded_at: 'timestamptz',
    search_text: 'text',
  },
};

export const followUpTable: TableDefinition = {
  name: 'follow_up',
  key: ['id'],
  columns: {
    id: 'uuid',
    session_id: 'uuid',
    text: 'text',
    owner: 'text',
    due_on: 'text',
    due_by: 'date',
    activity_id: 'uuid',
    status: 'text',
    completed_on: 'text',
  },
};
