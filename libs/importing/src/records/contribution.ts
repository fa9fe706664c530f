import {
  contributionAggregate,
  contributionCommandSchemas,
  segmentFields,
  type Contribution,
} from '#partnership';
import { source, type RecordKind } from './record-kind.js';

/** Contributions to operations, each with its dated segments. */
export const contribution: RecordKind<typeof contributionCommandSchemas.record> = {
  name: 'contribution',
  noun: 'contribution',
  aggregate: () => contributionAggregate,
  schema: contributionCommandSchemas.record,
  parts: { segment: { into: 'segments', schema: segmentFields }, source },
  statuses: ['recorded'],
  isWithdrawn: (state) => (state as Contribution).status === 'withdrawn',
  commands: ({ data }) => [{ type: 'record', data }],
};
