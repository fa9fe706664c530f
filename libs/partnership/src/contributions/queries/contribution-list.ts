import { conditions, wordConditions } from '#postgres';
import { listSchema, periodParameters, utc, type ListDefinition } from '#aggregates';
import { line } from '#shared-kernel';
import { z } from 'zod';
import { partnershipProjection } from '../../projections/partnership-projection.js';
import { contributionStatuses } from '../domain/contribution.js';
import { contributionKinds } from '../domain/fields.js';

const sorts = {
  operation: { column: 'a.operation', type: 'text' },
  recordedAt: { column: 'a.recorded_at', type: 'timestamptz' },
} as const;

/** Query parameters of the list. */
export const contributionListSchema = listSchema(Object.keys(sorts), {
  operation: line(200).optional().meta({ description: 'In any case' }),
  kind: z.enum(contributionKinds).optional(),
  status: z.enum(contributionStatuses).default('recorded'),
  year: periodParameters.year.meta({ description: 'Has a segment with a day of this year' }),
  q: line(200).optional().meta({ description: 'Words that operation or title contain' }),
});

export const contributionList: ListDefinition<z.output<typeof contributionListSchema>> = {
  projection: partnershipProjection.name,
  table: 'contribution',
  columns: [
    'operation',
    'kind',
    'unit',
    'basis',
    'title',
    'status',
    `${utc('a.recorded_at')} as recorded_at`,
  ],
  sorts,
  filters({ operation, kind, status, year, q }, parameters, holds) {
    const inYear = conditions(
      parameters,
      [year && `${year}-12-31`, (day) => `s.first_day <= ${day}::date`],
      [year && `${year}-01-01`, (day) => `(s.last_day is null or s.last_day >= ${day}::date)`],
    );
    return [
      ...conditions(
        parameters,
        [operation, (value) => `lower(a.operation) = lower(${value})`],
        [kind, (value) => `a.kind = ${value}`],
        [status, (value) => `a.status = ${value}`],
      ),
      ...wordConditions(parameters, q, 'a.search_text'),
      ...(inYear.length > 0
        ? [
            `exists (select 1 from partnership.segment s where s.contribution_id = a.id and ${[holds('s'), ...inYear].join(' and ')})`,
          ]
        : []),
    ];
  },
  item: ({ id, operation, kind, unit, basis, title, status, recorded_at: recordedAt }) => ({
    id,
    operation,
    kind,
    unit,
    basis,
    title,
    status,
    recordedAt,
  }),
};
