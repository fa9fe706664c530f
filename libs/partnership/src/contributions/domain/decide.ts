import {
  existsAlready,
  forbidden,
  missing,
  realChanges,
  refuseState,
  unless,
  type Allowed,
  type Decider,
  type Refusal,
} from '#shared-kernel';
import { periodRule } from '../../domain/dates.js';
import type { ContributionCommand, ContributionCommandData } from './commands.js';
import { evolve, type Contribution, type ContributionStatus, type Segment } from './contribution.js';
import type { ContributionEvent } from './events.js';
import { segmentRule, spanOf, unitRule } from './rules.js';

type Decision = readonly ContributionEvent[] | Refusal;
type NewId = ContributionCommand['newId'];
type Change = Exclude<ContributionCommand, { type: 'record' }>;

const notWithdrawn: Allowed<ContributionStatus> = { from: ['recorded'], otherwise: 'ContributionWithdrawn' };
const withdrawn: Allowed<ContributionStatus> = { from: ['withdrawn'], otherwise: 'ContributionNotWithdrawn' };

/** A contribution to an operation and its segments. Commands hold data that their schema has passed. */
export const contributionDecider: Decider<Contribution | undefined, ContributionCommand, ContributionEvent> =
  {
    initialState: undefined,
    evolve,
    decide(command, contribution) {
      const { id, type } = command;
      if (command.type === 'record') {
        if (!contribution) return record(command.data, command.newId);
        return existsAlready('ContributionExists', `the contribution ${id}`, contribution.status);
      }
      if (!contribution) return refuseState('ContributionNotFound', `there is no contribution ${id}`);
      const allowed = type === 'reinstate' ? withdrawn : notWithdrawn;
      return forbidden(type, 'a contribution', contribution.status, allowed) ?? change(command, contribution);
    },
  };

/** The contribution with the segments that are known, as one whole. */
function record({ segments, ...fields }: ContributionCommandData<'record'>, newId: NewId): Decision {
  const added = segments.map((segment, index) => ({ ...segment, segmentId: newId(index) }));
  const faults = [
    ...unitRule(fields),
    ...added.flatMap((segment, index) =>
      segmentRule(segment, added.slice(0, index), fields.kind, `/segments/${index}`),
    ),
  ];
  return unless<ContributionEvent>(
    faults,
    { type: 'ContributionRecorded', data: fields },
    ...added.map((segment) => ({ type: 'SegmentAdded' as const, data: segment })),
  );
}

function change(command: Change, { described, segments }: Contribution): Decision {
  const { kind } = described;
  const missingSegment = (id: string) =>
    missing(
      'Segment',
      segments.map(({ segmentId }) => segmentId),
      id,
    );
  switch (command.type) {
    case 'amend': {
      const { reason: _, ...wanted } = command.data;
      const changes = realChanges(wanted, described);
      return Object.keys(changes).length > 0 ? [{ type: 'ContributionAmended', data: { changes } }] : [];
    }
    case 'withdraw':
      return [{ type: 'ContributionWithdrawn', data: command.data }];
    case 'reinstate':
      return [{ type: 'ContributionReinstated', data: command.data }];
    case 'add-segment': {
      const segment = { ...command.data, segmentId: command.newId(0) };
      return unless(segmentRule(segment, segments, kind), { type: 'SegmentAdded', data: segment });
    }
    case 'correct-segment': {
      const others = segments.filter(({ segmentId }) => segmentId !== command.data.segmentId);
      return (
        missingSegment(command.data.segmentId) ??
        unless(segmentRule(command.data, others, kind), { type: 'SegmentCorrected', data: command.data })
      );
    }
    case 'end-segment': {
      const segment = segments.find(({ segmentId }) => segmentId === command.data.segmentId);
      if (!segment) return missingSegment(command.data.segmentId)!;
      // An earlier end takes up no further day, so nothing can overlap.
      const faults = periodRule({ from: segment.from, to: command.data.to });
      return endedAlready(segment, kind) ?? unless(faults, { type: 'SegmentEnded', data: command.data });
    }
    case 'withdraw-segment':
      return missingSegment(command.data.segmentId) ?? [{ type: 'SegmentWithdrawn', data: command.data }];
    default:
      return command satisfies never;
  }
}

function endedAlready(segment: Segment, kind: Contribution['described']['kind']): Refusal | undefined {
  const { last } = spanOf(segment, kind);
  if (last === undefined) return undefined;
  return refuseState('SegmentNotOpen', `the segment ends on ${last} already; correct it if that is wrong`);
}
