import { refuseRules, refuseState, type Refusal, type RefusalError } from '#shared-kernel';
import type { ActivityEvent } from './events.js';

export type Decision = readonly ActivityEvent[] | Refusal;

/** The events, unless a rule is broken. */
export function unless(faults: readonly RefusalError[], ...events: readonly ActivityEvent[]): Decision {
  return faults.length > 0 ? refuseRules(faults) : events;
}

/** Refuses a part that was never recorded, or was withdrawn; undefined when it is there. */
export function missing(
  part: 'Nomination' | 'Participation' | 'Cost',
  recorded: readonly string[],
  id: string,
): Refusal | undefined {
  if (recorded.includes(id)) return undefined;
  return refuseState(`${part}NotFound`, `this activity has no ${part.toLowerCase()} ${id}`);
}
