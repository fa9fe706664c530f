import { conditions, wordConditions } from '#postgres';
import { listSchema, utc, type ListDefinition } from '#aggregates';
import { line, uuid } from '#shared-kernel';
import { z } from 'zod';
import { partnershipProjection } from '../../projections/partnership-projection.js';
import { branches } from '../domain/fields.js';
import { goalStatuses } from '../domain/goal.js';

const sorts = {
  code: { column: 'a.code', type: 'text' },
  recordedAt: { column: 'a.recorded_at', type: 'timestamptz' },
} as const;

/** Query parameters of the list. */
export const goalListSchema = listSchema(Object.keys(sorts), {
  code: line(50).optional().meta({ description: 'In any case' }),
  status: z.enum(goalStatuses).optional(),
  branch: z.enum(branches).optional(),
  documentId: uuid.optional(),
  cycleId: uuid.optional(),
  q: line(200).optional().meta({ description: 'Words that code or title contain' }),
});

export const goalList: ListDefinition<z.output<typeof goalListSchema>> = {
  projection: partnershipProjection.name,
  table: 'goal',
  columns: [
    ...['code', 'title', 'branch', 'document_id', 'cycle_id', 'proposed_on', 'status'],
    `${utc('a.recorded_at')} as recorded_at`,
  ],
  sorts,
  filters: ({ code, status, branch, documentId, cycleId, q }, parameters) => [
    ...conditions(
      parameters,
      [code, (value) => `lower(a.code) = lower(${value})`],
      [status, (value) => `a.status = ${value}`],
      [branch, (value) => `a.branch = ${value}`],
      [documentId, (value) => `a.document_id = ${value}`],
      [cycleId, (value) => `a.cycle_id = ${value}`],
    ),
    ...wordConditions(parameters, q, 'a.search_text'),
  ],
  item: (row) => ({
    id: row.id,
    code: row.code,
    title: row.title,
    branch: row.branch,
    documentId: row.document_id,
    cycleId: row.cycle_id,
    proposedOn: row.proposed_on,
    status: row.status,
    recordedAt: row.recorded_at,
  }),
};
