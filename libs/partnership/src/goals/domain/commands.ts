import { text, uuid, type CommandsOf } from '#shared-kernel';
import { z } from 'zod';
import { goalChanges } from './events.js';
import { assessmentFields, goalFields } from './fields.js';

const reason = text(4000);

/** The data of every command on a goal, by the command's name. Ids of new assessments are given to `decide` beside it. */
export const goalCommandSchemas = {
  propose: goalFields,
  amend: goalChanges.extend({ reason: reason.optional() }),
  assess: assessmentFields,
  /** Replaces the whole assessment. */
  'correct-assessment': assessmentFields.extend({ assessmentId: uuid, reason }),
  'withdraw-assessment': z.strictObject({ assessmentId: uuid, reason }),
} as const;

export type GoalCommandType = keyof typeof goalCommandSchemas;
export type GoalCommandData<Type extends GoalCommandType> = z.output<(typeof goalCommandSchemas)[Type]>;
export type GoalCommand = CommandsOf<typeof goalCommandSchemas>;
