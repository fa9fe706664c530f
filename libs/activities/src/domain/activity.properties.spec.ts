import { describe, expect, it } from '@jest/globals';
import { isAfter, isRefusal } from '#shared-kernel';
import fc from 'fast-check';
import type { Activity, ActivityStatus } from './activity.js';
import { activityCommandSchemas, type ActivityCommand, type ActivityCommandType } from './commands.js';

import { activityDecider, type Decision } from './decide.js';
import { activityEventDefinitions } from './events.js';
import {
  ACTIVITY,
  approver,
  context,
  exampleData,
  office,
  OTHER,
  proposer,
  UNKNOWN,
} from './testing/examples.js';

const { decide, evolve } = activityDecider(office);
/** Held, ahead, partial, too far apart: enough to keep and to break each rule on dates. */
const date = fc.constantFrom(
  '2024',
  '2026-05',
  '2026-05-11',
  '2026-05-15',
  '2026-06-15',
  '2026-07-01',
  '2030',
);
const amount = fc.option(fc.nat(20), { nil: undefined });
const numbers = fc.record({
  total: fc.nat(20),
  military: amount,
  civilian: amount,
  female: amount,
  male: amount,
});
const money = fc.record({
  amountMinor: amount,
  currency: fc.constantFrom(undefined, 'EUR'),
  status: fc.constantFrom(undefined, 'known', 'to-be-determined'),
});
const dates = fc.record({ startsOn: date, endsOn: fc.option(date, { nil: undefined }) });
const amendment = fc.record({ title: fc.constantFrom('One', 'Two'), quota: fc.option(fc.nat(3)) });

const types = Object.keys(activityCommandSchemas) as ActivityCommandType[];

/** What one step asks for, given what the steps before have led to. */
const step = fc.record({
  // Some more often than others, so that walks get beyond the states that take little.
  type: fc.constantFrom(...types, 'approve', 'postpone', 'reschedule', 'reschedule', 'cancel', 'reinstate'),
  actor: fc.constantFrom(proposer, approver),
  pick: fc.nat(5),
  of: fc.constantFrom(ACTIVITY, OTHER),
  dates,
  numbers,
  money,
  amendment,
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function asked(step: Step, ordinal: number, activity: Activity | undefined): ActivityCommand {
  const { type, pick } = step;
  const one = (ids: readonly string[] = []) => ids[pick % (ids.length || 1)] ?? UNKNOWN;
  const random: Partial<Record<ActivityCommandType, object>> = {
    plan: step.dates,
    log: { ...step.dates, participations: [step.numbers], costs: [{ payer: 'Host', ...step.money }] },
    amend: pick ? { ...step.amendment, ...step.dates } : step.amendment,
    reschedule: step.dates,
    hold: pick ? step.dates : {},
    'withdraw-nomination': { nominationId: one(activity?.nominations) },
    'record-participation': step.numbers,
    'correct-participation': { participationId: one(activity?.participations), ...step.numbers },
    'withdraw-participation': { participationId: one(activity?.participations) },
    'record-cost': step.money,
    'correct-cost': { costId: one(activity?.costs), ...step.money },
    'withdraw-cost': { costId: one(activity?.costs) },
    'mark-duplicate': { of: step.of },
  };
  const data = activityCommandSchemas[type].parse({ ...exampleData[type], ...random[type] });
  const newId = (part: number) =>
    `00000000-0000-4000-8000-${String(ordinal).padStart(6, '0')}${String(part).padStart(6, '0')}`;
  return { type, id: ACTIVITY, data, newId } as ActivityCommand;
}

/** Which state may follow which by one event, beside itself. */
const followers: Readonly<Record<'none' | ActivityStatus, readonly ActivityStatus[]>> = {
  none: ['proposed', 'held'],
  proposed: ['approved', 'rejected', 'postponed', 'cancelled', 'duplicate'],
  approved: ['held', 'not-attended', 'postponed', 'cancelled', 'duplicate'],
  held: ['duplicate'],
  rejected: ['proposed', 'duplicate'],
  postponed: ['proposed', 'approved', 'cancelled', 'duplicate'],
  cancelled: ['proposed', 'approved', 'postponed', 'duplicate'],
  'not-attended': ['duplicate'],
  duplicate: ['proposed', 'approved', 'held', 'rejected', 'postponed', 'cancelled', 'not-attended'],
};

interface Watch {
  decided?(again: () => Decision, decision: Decision, activity: Activity | undefined): void;
  moved?(before: Activity | undefined, after: Activity): void;
}

/** Takes the steps one after the other, as far as they are accepted. */
function take(steps: readonly Step[], watch: Watch): void {
  let activity: Activity | undefined;
  steps.forEach((step, ordinal) => {
    const command = asked(step, ordinal, activity);
    const decideNow = () => decide(command, activity, context(step.actor));
    const decision = decideNow();
    watch.decided?.(decideNow, decision, activity);
    if (isRefusal(decision)) return;
    for (const event of decision) {
      const after = evolve(activity, { ...event, metadata: { actor: step.actor } })!;
      watch.moved?.(activity, after);
      activity = after;
    }
  });
}

const runs = { numRuns: 200, seed: 20_260_615 };
const someSteps = fc.array(step, { minLength: 40, maxLength: 120, size: 'max' });

describe('any sequence of commands', () => {
  it('decides the same each time, changes nothing by deciding, and gives events of their schemas', () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        take(steps, {
          decided(again, decision, activity) {
            const before = JSON.stringify(activity);
            expect(again()).toEqual(decision);
            expect(JSON.stringify(activity)).toBe(before);
            if (isRefusal(decision)) return expect(decision.errors).not.toHaveLength(0);
            for (const { type, data } of decision) {
              expect(activityEventDefinitions[type].schema.parse(data)).toEqual(data);
            }
          },
        });
      }),
      { ...runs, numRuns: 50 },
    );
  });

  it('moves only along the transitions there are, and reaches all of them', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(someSteps, (steps) => {
        take(steps, {
          moved(before, { status }) {
            const from = before?.status ?? 'none';
            if (from === status) return;
            expect(followers[from]).toContain(status);
            seen.add(`${from} → ${status}`);
          },
        });
      }),
      runs,
    );
    const all = Object.entries(followers).flatMap(([from, to]) => to.map((status) => `${from} → ${status}`));
    expect([...seen].sort()).toEqual(all.sort());
  });

  it('leaves dates in order, and none only to what is postponed', () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        take(steps, {
          moved(_, { status, left, described: { startsOn, endsOn } }) {
            expect(startsOn === undefined).toBe([...left, status].includes('postponed'));
            if (startsOn && endsOn) expect(isAfter(startsOn, endsOn)).toBe(false);
          },
        });
      }),
      runs,
    );
  });
});
