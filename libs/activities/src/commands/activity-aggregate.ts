import { namedId, type Aggregate } from '#event-sourcing';
import type { Activity, ActivityFact } from '../domain/activity.js';
import type { ActivityCommand } from '../domain/commands.js';
import { activityDecider } from '../domain/decide.js';
import type { ActivityPolicy } from '../domain/policy.js';

const REFERENCES = '0d8f0a52-6d0a-5f0e-8a53-6a1c2b1c7e11';

/** Activities by the rules of one office. The same reference gives the same activity, however it is spaced or capitalised. */
export function activityAggregate(
  policy: ActivityPolicy,
): Aggregate<Activity | undefined, ActivityCommand, ActivityFact> {
  return {
    name: 'activity',
    decider: activityDecider(policy),
    idFrom: (data) => {
      const reference = 'reference' in data ? data.reference : undefined;
      return typeof reference === 'string' ? namedId(REFERENCES, reference) : undefined;
    },
  };
}
