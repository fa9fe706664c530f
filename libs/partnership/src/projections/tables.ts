import type { TableDefinition } from '#event-sourcing';

/** The projection's tables; read-model/ describes the same to PostgreSQL. Dates as given are text, the days they stand for dates. */
export const documentTable: TableDefinition = {
  name: 'document',
  key: ['id'],
  columns: {
    id: 'uuid',
    type: 'text',
    title: 'text',
    reference: 'text',
    status: 'text',
    reached: 'jsonb',
    recorded_at: 'timestamptz',
    search_text: 'text',
  },
};

export const milestoneTable: TableDefinition = {
  name: 'milestone',
  key: ['id'],
  columns: {
    id: 'uuid',
    document_id: 'uuid',
    milestone: 'text',
    on_date: 'text',
    earliest: 'date',
    latest: 'date',
    note: 'text',
  },
};

export const cycleTable: TableDefinition = {
  name: 'cycle',
  key: ['id'],
  columns: {
    id: 'uuid',
    document_id: 'uuid',
    title: 'text',
    from_date: 'text',
    to_date: 'text',
    first_day: 'date',
    last_day: 'date',
    agreed_on: 'text',
    status: 'text',
  },
};

export const goalTable: TableDefinition = {
  name: 'goal',
  key: ['id'],
  columns: {
    id: 'uuid',
    code: 'text',
    title: 'text',
    branch: 'text',
    document_id: 'uuid',
    cycle_id: 'uuid',
    proposed_on: 'text',
    proposed_by_day: 'date',
    status: 'text',
    assessed: 'jsonb',
    recorded_at: 'timestamptz',
    search_text: 'text',
  },
};

export const assessmentTable: TableDefinition = {
  name: 'assessment',
  key: ['id'],
  columns: {
    id: 'uuid',
    goal_id: 'uuid',
    on_date: 'text',
    latest: 'date',
    ordinal: 'integer',
    status: 'text',
    note: 'text',
  },
};

export const contributionTable: TableDefinition = {
  name: 'contribution',
  key: ['id'],
  columns: {
    id: 'uuid',
    operation: 'text',
    kind: 'text',
    unit: 'text',
    basis: 'text',
    title: 'text',
    recorded_at: 'timestamptz',
    search_text: 'text',
    status: 'text',
  },
};

export const segmentTable: TableDefinition = {
  name: 'segment',
  key: ['id'],
  columns: {
    id: 'uuid',
    contribution_id: 'uuid',
    from_date: 'text',
    to_date: 'text',
    first_day: 'date',
    last_day: 'date',
    value: 'bigint',
  },
};
