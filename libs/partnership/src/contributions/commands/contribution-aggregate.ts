import { namedId, type Aggregate } from '#event-sourcing';
import type { Contribution } from '../domain/contribution.js';
import type { ContributionCommand } from '../domain/commands.js';
import { contributionDecider } from '../domain/decide.js';
import type { ContributionEvent } from '../domain/events.js';

const NAMES = 'a3a2c1d8-1a53-5e0f-9d0c-5b8c64f2d103';

/** There is one of a kind to an operation in a unit, and of funding one that is pledged and one that is paid. */
export const contributionAggregate: Aggregate<
  Contribution | undefined,
  ContributionCommand,
  ContributionEvent
> = {
  name: 'contribution',
  decider: contributionDecider,
  idFrom: (data) =>
    'operation' in data ? namedId(NAMES, data.operation, data.kind, data.unit, data.basis ?? '') : undefined,
};
