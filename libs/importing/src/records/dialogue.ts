import { dialogueAggregate, dialogueCommandSchemas, followUpFields, type Dialogue } from '#dialogue';
import { source, type RecordKind } from './record-kind.js';

/** Dialogue sessions that were held, with what was agreed in them. */
export const dialogue: RecordKind<typeof dialogueCommandSchemas.log> = {
  name: 'dialogue',
  noun: 'dialogue session',
  aggregate: () => dialogueAggregate,
  schema: dialogueCommandSchemas.log,
  parts: { followUp: { into: 'followUps', schema: followUpFields }, source },
  statuses: ['held'],
  isWithdrawn: (state) => (state as Dialogue).status === 'withdrawn',
  commands: ({ data }) => [{ type: 'log', data }],
};
