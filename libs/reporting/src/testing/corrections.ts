import type { DomainEvent } from '#shared-kernel';
import { idOf, type Random } from '#testing';
import { eventsOf, randomFact, type Fact } from './facts.js';

/** What one correction appends to one stream. */
export interface Correction {
  readonly stream: string;
  readonly events: readonly DomainEvent[];
}

const reason = 'because';
const sources: readonly [] = [];

/**
 * Corrections at random, of every kind there is, to activities of several years and to what the office has beside them.
 * Each follows from those before it, as commands would make them: only what is there is corrected.
 */
export class RandomCorrections {
  private readonly sessions: string[] = [];
  private readonly goals: string[] = [];
  private readonly contributions: string[] = [];
  private readonly documents: string[] = [];
  private count = 0;

  constructor(
    private readonly facts: Fact[],
    private readonly next: Random,
  ) {}

  correct(): Correction {
    const kinds = [
      ...[this.amend, this.amend, this.reschedule, this.recount, this.recount, this.price, this.price],
      ...[this.mark, this.reinstate, this.begin, this.talk, this.assess, this.contribute, this.agree],
    ];
    return kinds[this.count++ % kinds.length]!.call(this);
  }

  private readonly oneOf = <Value>(values: readonly Value[]): Value => values[this.next(values.length)]!;
  private readonly date = () =>
    `${2022 + this.next(4)}-0${1 + this.next(9)}-1${this.next(9)}`.slice(0, this.oneOf([4, 7, 10, 10]));
  /** Mostly one of 2024 that counts. */
  private readonly anyFact = (wanted: (fact: Fact) => boolean = () => true): Fact => {
    const facts = this.facts.filter(wanted);
    const counted = facts.filter(
      ({ status, held, fields }) =>
        !['rejected', 'duplicate'].includes(status) && (held ?? fields).startsOn.startsWith('2024'),
    );
    return this.oneOf(this.next(4) ? counted : facts);
  };
  private readonly activity = (fact: Fact, ...events: DomainEvent[]): Correction => ({
    stream: `activity-${fact.id}`,
    events,
  });

  private amend(): Correction {
    const changes = this.oneOf<object>([
      {
        kind: this.oneOf(['course', 'exercise', 'seminar']),
        area: this.oneOf([null, 'science', 'environment']),
      },
      { organiser: this.oneOf([null, { name: `Organiser ${this.next(3)}`, kind: 'ally' }]) },
      { place: this.oneOf([null, { country: this.oneOf(['DE', 'IT']) }]), role: 'instructor' },
      { title: `Other ${this.count}` },
    ]);
    return this.activity(this.anyFact(), { type: 'ActivityAmended', data: { changes } });
  }

  private reschedule(): Correction {
    const fact = this.anyFact();
    const startsOn = this.date();
    if (fact.held) {
      return this.activity(fact, { type: 'ActivityAmended', data: { changes: { held: { startsOn } } } });
    }
    return this.activity(fact, { type: 'ActivityRescheduled', data: { startsOn, reason } });
  }

  private recount(): Correction {
    const fact = this.anyFact(({ held }) => held !== undefined);
    const [first] = fact.participations;
    if (!first || !this.next(3)) {
      const participationId = idOf(`participation ${this.count}`);
      const country = this.oneOf(['AZ', 'GE', 'TR']);
      const recorded = { participationId, country, total: 1 + this.next(9), military: 1 };
      fact.participations.unshift(recorded);
      return this.activity(fact, { type: 'ParticipationRecorded', data: recorded });
    }
    if (this.next(2)) {
      const data = { ...first, total: first.total + 1 + this.next(5), reason };
      return this.activity(fact, { type: 'ParticipationCorrected', data });
    }
    fact.participations.shift();
    const { participationId } = first;
    return this.activity(fact, { type: 'ParticipationWithdrawn', data: { participationId, reason } });
  }

  private price(): Correction {
    const fact = this.anyFact();
    const [first] = fact.costs;
    if (first && this.next(2)) {
      fact.costs.shift();
      return this.activity(fact, { type: 'CostWithdrawn', data: { costId: first.costId, reason } });
    }
    const cost = {
      costId: first?.costId ?? idOf(`cost ${this.count}`),
      payer: this.oneOf(['Ally', 'Office']),
    };
    const known = { ...cost, amountMinor: this.next(9_999), currency: 'EUR', status: 'known' as const };
    if (first) {
      fact.costs[0] = known;
      return this.activity(fact, { type: 'CostCorrected', data: { ...known, reason } });
    }
    fact.costs.push(known);
    return this.activity(fact, { type: 'CostRecorded', data: known });
  }

  private mark(): Correction {
    const fact = this.anyFact();
    const data = { of: idOf('other'), reason };
    return this.activity(
      fact,
      { type: 'ActivityMarkedDuplicate', data },
      { type: 'ActivityReinstated', data: { reason } },
    );
  }

  private reinstate(): Correction {
    const fact = this.oneOf(
      this.facts.filter(({ status }) => status === 'proposed' || status === 'approved'),
    );
    const cancelled = { type: 'ActivityCancelled', data: { reasonCode: 'host' } };
    return this.activity(fact, cancelled);
  }

  private begin(): Correction {
    const fact = randomFact(`correction ${this.count}`, this.next);
    this.facts.push(fact);
    return this.activity(fact, ...eventsOf(fact));
  }

  private talk(): Correction {
    const stream = `dialogue-${idOf(`session ${this.count}`)}`;
    const known = this.next(2) ? this.sessions.shift() : undefined;
    if (known && this.next(2)) {
      return { stream: known, events: [{ type: 'DialogueSessionWithdrawn', data: { reason } }] };
    }
    if (known) {
      const changes = { topics: [`Topic ${this.next(3)}`], held: { date: this.date() } };
      return { stream: known, events: [{ type: 'DialogueSessionAmended', data: { changes } }] };
    }
    this.sessions.push(stream);
    const date = `2024-0${1 + this.next(9)}`;
    const fields = { title: 'Talks', format: 'staff-talks', date, topics: ['Reform'], sources };
    const followUp = { followUpId: idOf(`follow-up ${this.count}`), text: 'Plan', owner: 'Academy' };
    return {
      stream,
      events: [
        { type: 'DialogueSessionLogged', data: { ...fields, held: { date } } },
        { type: 'FollowUpAgreed', data: { ...followUp, dueOn: '2024-10' } },
      ],
    };
  }

  private assess(): Correction {
    const known = this.next(2) ? this.goals.shift() : undefined;
    const stream = known ?? `goal-${idOf(`goal ${this.count}`)}`;
    this.goals.push(stream);
    const assessed: DomainEvent = {
      type: 'GoalAssessed',
      data: { assessmentId: idOf(`assessment ${this.count}`), on: this.date(), status: 'in-progress' },
    };
    const fields = { code: `G ${this.count}`, title: 'Goal', branch: 'land', sources };
    return { stream, events: known ? [assessed] : [{ type: 'GoalProposed', data: fields }] };
  }

  private contribute(): Correction {
    const known = this.next(2) ? this.contributions.shift() : undefined;
    const stream = known ?? `contribution-${idOf(`contribution ${this.count}`)}`;
    if (known && this.next(2))
      return { stream, events: [{ type: 'ContributionWithdrawn', data: { reason } }] };
    this.contributions.push(stream);
    const from = this.oneOf(['2023-04-05', '2024-02', '2024-03-11', '2025-01-01']);
    const segment = {
      ...{ segmentId: idOf(`segment of ${stream}`), from, sources },
      ...(this.next(4) ? { value: 1 + this.next(40) } : {}),
    };
    if (known) return { stream, events: [{ type: 'SegmentCorrected', data: { ...segment, reason } }] };
    const operation = `Operation ${this.count}`;
    return {
      stream,
      events: [
        { type: 'ContributionRecorded', data: { operation, kind: 'personnel', unit: 'persons', sources } },
        { type: 'SegmentAdded', data: segment },
      ],
    };
  }

  private agree(): Correction {
    const known = this.next(2) ? this.documents.shift() : undefined;
    const stream = known ?? `document-${idOf(`document ${this.count}`)}`;
    if (known) return { stream, events: [{ type: 'DocumentWithdrawn', data: { reason } }] };
    this.documents.push(stream);
    const milestone = {
      milestoneId: idOf(`milestone ${this.count}`),
      milestone: 'agreed',
      on: this.date(),
      sources,
    };
    const cycle = {
      cycleId: idOf(`cycle ${this.count}`),
      from: '2024',
      to: '2025',
      status: 'active',
      sources,
    };
    return {
      stream,
      events: [
        { type: 'DocumentRecorded', data: { title: `Plan ${this.count}`, type: 'ipap', sources } },
        { type: 'MilestoneReached', data: milestone },
        { type: 'CycleOpened', data: cycle },
      ],
    };
  }
}
