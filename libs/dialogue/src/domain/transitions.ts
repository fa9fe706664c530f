import type { Allowed } from '#shared-kernel';
import type { DialogueCommandType } from './commands.js';
import type { DialogueStatus } from './dialogue.js';

/** Commands on a session that is there already. */
export type DialogueChangeType = Exclude<DialogueCommandType, 'schedule' | 'log'>;

const scheduled: Allowed<DialogueStatus> = { from: ['scheduled'], otherwise: 'DialogueNotScheduled' };
const held: Allowed<DialogueStatus> = { from: ['held', 'minuted'], otherwise: 'DialogueNotHeld' };
const notWithdrawn: Allowed<DialogueStatus> = {
  from: ['scheduled', 'held', 'minuted', 'cancelled'],
  otherwise: 'DialogueWithdrawn',
};

/** In which states each command is taken. */
export const transitions: Readonly<Record<DialogueChangeType, Allowed<DialogueStatus>>> = {
  amend: notWithdrawn,
  hold: scheduled,
  cancel: scheduled,
  minutes: held,
  withdraw: notWithdrawn,
  reinstate: { from: ['withdrawn'], otherwise: 'DialogueNotWithdrawn' },
  'agree-follow-up': held,
  'amend-follow-up': held,
  'complete-follow-up': held,
  'drop-follow-up': held,
};
