import type { ActivityEvent, ActivityFields, Cost, Participation } from '#activities';
import { uuidv5 } from '#event-sourcing';

const TESTS = '3c7a52a4-55a1-5b3e-8f0e-6c9b1d2e4f60';

/** What is true of an activity, as a specification thinks of it: the events make it so, the count is made from it. */
export interface Fact {
  readonly id: string;
  fields: ActivityFields;
  status:
    'proposed' | 'approved' | 'held' | 'rejected' | 'postponed' | 'cancelled' | 'not-attended' | 'duplicate';
  held?: { startsOn: string; endsOn?: string };
  participations: (Participation & { participationId: string })[];
  costs: (Cost & { costId: string })[];
}

const statuses = [
  'held',
  'held',
  'held',
  'held',
  'proposed',
  'approved',
  'rejected',
  'postponed',
  'cancelled',
  'not-attended',
  'duplicate',
] as const;

/** One of many possible activities of the years 2023 to 2025. */
export function randomFact(name: string, next: (below: number) => number): Fact {
  const oneOf = <Value>(...values: Value[]): Value => values[next(values.length)]!;
  const maybe = <Value>(value: Value): Value | undefined => (next(3) ? value : undefined);
  const date = () => {
    const day = `${2023 + next(3)}-${String(1 + next(12)).padStart(2, '0')}-${String(1 + next(20)).padStart(2, '0')}`;
    return {
      start: oneOf(day, day, day.slice(0, 7), day.slice(0, 4)),
      end: maybe(`${day.slice(0, 8)}${21 + next(8)}`),
    };
  };
  const planned = date();
  const actual = next(4) ? planned : date();
  const status = oneOf(...statuses);
  const total = 1 + next(40);
  return {
    id: uuidv5(name, TESTS),
    status,
    fields: {
      title: name,
      kind: oneOf('course', 'exercise', 'seminar'),
      programme: oneOf('ipcp', 'bilateral'),
      area: maybe('science'),
      organiser: maybe({ name: oneOf('NATO School', '=Öl & Söhne'), kind: 'nato' as const }),
      place: maybe({ country: oneOf('DE', 'TR') }),
      role: oneOf('participant', 'host'),
      startsOn: planned.start,
      endsOn: planned.end,
      goalIds: [],
      sources: [],
    },
    ...(status === 'held' || status === 'duplicate'
      ? { held: { startsOn: actual.start, endsOn: actual.end } }
      : {}),
    participations:
      status === 'held' || status === 'duplicate'
        ? Array.from({ length: next(4) }, (_, n) => ({
            participationId: uuidv5(`${name} participation ${n}`, TESTS),
            country: oneOf('AZ', 'AZ', 'GE'),
            institution: maybe(oneOf('Academy', 'Staff')),
            total,
            military: maybe(next(total)),
            female: maybe(next(total)),
          }))
        : [],
    costs:
      status === 'rejected'
        ? []
        : Array.from({ length: next(3) }, () =>
            next(4)
              ? { amountMinor: next(100_000), currency: oneOf('EUR', 'USD'), status: 'known' as const }
              : { currency: maybe('EUR'), status: 'to-be-determined' as const },
          ).map((cost, n) => ({
            ...cost,
            costId: uuidv5(`${name} cost ${n}`, TESTS),
            payer: oneOf('Ally', 'Office'),
          })),
  };
}

/** Events that make it so. */
export function eventsOf({ fields, status, held, participations, costs }: Fact): ActivityEvent[] {
  const reason = 'because';
  const parts: ActivityEvent[] = [
    ...participations.map((data) => ({ type: 'ParticipationRecorded' as const, data })),
    ...costs.map((data) => ({ type: 'CostRecorded' as const, data })),
  ];
  if (held) {
    const duplicate: ActivityEvent = {
      type: 'ActivityMarkedDuplicate',
      data: { of: uuidv5('other', TESTS), reason },
    };
    return [
      { type: 'ActivityLogged', data: { ...fields, held } },
      ...parts,
      ...(status === 'duplicate' ? [duplicate] : []),
    ];
  }
  const after: Partial<Record<Fact['status'], ActivityEvent[]>> = {
    approved: [{ type: 'ActivityApproved', data: {} }],
    rejected: [{ type: 'ActivityRejected', data: { reason } }],
    postponed: [{ type: 'ActivityPostponed', data: { reason } }],
    cancelled: [{ type: 'ActivityCancelled', data: { reasonCode: 'host' } }],
    'not-attended': [
      { type: 'ActivityApproved', data: {} },
      { type: 'ActivityNotAttended', data: { reason } },
    ],
  };
  return [{ type: 'ActivityPlanned', data: fields }, ...parts, ...(after[status] ?? [])];
}
