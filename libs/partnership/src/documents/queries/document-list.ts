import { conditions, wordConditions } from '#postgres';
import { listSchema, utc, type ListDefinition } from '#aggregates';
import { line } from '#shared-kernel';
import { z } from 'zod';
import { partnershipProjection } from '../../projections/partnership-projection.js';
import { documentStatuses } from '../domain/document.js';
import { documentTypes } from '../domain/fields.js';

const sorts = {
  title: { column: 'a.title', type: 'text' },
  recordedAt: { column: 'a.recorded_at', type: 'timestamptz' },
} as const;

/** Query parameters of the list. */
export const documentListSchema = listSchema(Object.keys(sorts), {
  type: z.enum(documentTypes).optional(),
  status: z
    .enum(documentStatuses)
    .optional()
    .meta({ description: 'Withdrawn ones are listed only if asked for' }),
  q: line(200).optional().meta({ description: 'Words that title or reference contain' }),
});

export const documentList: ListDefinition<z.output<typeof documentListSchema>> = {
  projection: partnershipProjection.name,
  table: 'document',
  columns: ['type', 'title', 'reference', 'status', `${utc('a.recorded_at')} as recorded_at`],
  sorts,
  filters: ({ type, status, q }, parameters) => [
    ...conditions(
      parameters,
      [type, (value) => `a.type = ${value}`],
      [status, (value) => `a.status = ${value}`],
    ),
    ...(status === undefined ? ["a.status <> 'withdrawn'"] : []),
    ...wordConditions(parameters, q, 'a.search_text'),
  ],
  item: ({ id, type, title, reference, status, recorded_at: recordedAt }) => ({
    id,
    type,
    title,
    reference,
    status,
    recordedAt,
  }),
};
