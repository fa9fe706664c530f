import { activityAggregate, activityCommandSchemas, costFields, participationFields } from '#activities';
import { source, type RecordCommand, type RecordKind } from './record-kind.js';

/** Activities: logged when they were held, else planned with their costs, and cancelled where they were called off. */
export const activity: RecordKind<typeof activityCommandSchemas.log> = {
  name: 'activity',
  noun: 'activity',
  aggregate: activityAggregate,
  schema: activityCommandSchemas.log,
  parts: {
    participation: {
      into: 'participations',
      schema: participationFields,
      addUp: ['total', 'military', 'civilian', 'female', 'male'],
      only: { status: 'held', code: 'NotHeld', why: 'who took part is recorded of what was held' },
    },
    cost: { into: 'costs', schema: costFields, addUp: ['amountMinor'] },
    source,
  },
  statuses: ['held', 'planned', 'cancelled'],
  cancel: activityCommandSchemas.cancel,
  commands({ status, data, cancel }): RecordCommand[] {
    if (status === 'held') return [{ type: 'log', data }];
    const { participations: _, held: __, costs, ...planned } = data;
    return [
      { type: 'plan', data: planned },
      ...costs.map((cost, index) => ({ type: 'record-cost', data: cost, step: `cost ${index}` })),
      ...(status === 'cancelled' ? [{ type: 'cancel', data: cancel }] : []),
    ];
  },
};
