import {
  cycleFields,
  documentAggregate,
  documentCommandSchemas,
  milestoneFields,
  type Document,
} from '#partnership';
import { source, type RecordKind } from './record-kind.js';

/** Partnership documents with their milestones and cycles. */
export const document: RecordKind<typeof documentCommandSchemas.record> = {
  name: 'document',
  noun: 'document',
  aggregate: () => documentAggregate,
  schema: documentCommandSchemas.record,
  parts: {
    milestone: { into: 'milestones', schema: milestoneFields },
    cycle: { into: 'cycles', schema: cycleFields },
    source,
  },
  statuses: ['recorded'],
  isWithdrawn: (state) => (state as Document).withdrawn,
  commands: ({ data }) => [{ type: 'record', data }],
};
