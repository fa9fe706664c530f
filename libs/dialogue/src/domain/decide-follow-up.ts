import { forbidden, missing, pastRule, realChanges, unless, type Allowed } from '#shared-kernel';
import type { DialogueCommand } from './commands.js';
import type { Decision } from './decide.js';
import type { Dialogue, FollowUpStatus } from './dialogue.js';

type FollowUpCommand = Extract<
  DialogueCommand,
  { type: 'amend-follow-up' | 'complete-follow-up' | 'drop-follow-up' }
>;

const open: Allowed<FollowUpStatus> = { from: ['open'], otherwise: 'FollowUpNotOpen' };

/** What becomes of a follow-up of a session that was held. `now`: RFC 3339 UTC. */
export function changeFollowUp(command: FollowUpCommand, { followUps }: Dialogue, now: string): Decision {
  const { followUpId } = command.data;
  const followUp = followUps.find((agreed) => agreed.followUpId === followUpId);
  if (!followUp) return missing('Follow-up', [], followUpId)!;
  switch (command.type) {
    // Also of one that is done: what it led to is often known, or misspelt, only then.
    case 'amend-follow-up': {
      const { followUpId: _, reason: __, ...wanted } = command.data;
      const changes = realChanges(wanted, followUp);
      if (Object.keys(changes).length === 0) return [];
      return [{ type: 'FollowUpAmended', data: { followUpId, changes } }];
    }
    case 'complete-follow-up':
      return (
        forbidden(command.type, 'a follow-up', followUp.status, open) ??
        unless(pastRule(command.data.on, now, { code: 'CompletedInFuture', pointer: '/on' }), {
          type: 'FollowUpCompleted',
          data: command.data,
        })
      );
    case 'drop-follow-up':
      return (
        forbidden(command.type, 'a follow-up', followUp.status, open) ?? [
          { type: 'FollowUpDropped', data: command.data },
        ]
      );
    default:
      return command satisfies never;
  }
}
