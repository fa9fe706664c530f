import {
  existsAlready,
  forbidden,
  missing,
  realChanges,
  refuseState,
  unless,
  type Allowed,
  type Decider,
  type DecisionContext,
  type Refusal,
} from '#shared-kernel';
import type { DocumentCommand, DocumentCommandData } from './commands.js';
import { documentStatus, evolve, type Cycle, type Document } from './document.js';
import type { DocumentEvent } from './events.js';
import type { CycleStatus } from './fields.js';
import { cycleRule, extensionRule, milestoneRule, openingRule, startedRule } from './rules.js';

type Decision = readonly DocumentEvent[] | Refusal;
type NewId = DocumentCommand['newId'];
type Change = Exclude<DocumentCommand, { type: 'record' }>;

type Standing = 'recorded' | 'withdrawn';
const notWithdrawn: Allowed<Standing> = { from: ['recorded'], otherwise: 'DocumentWithdrawn' };
const withdrawn: Allowed<Standing> = { from: ['withdrawn'], otherwise: 'DocumentNotWithdrawn' };

/** In which states of a cycle each command on it is taken. */
const cycleTransitions = {
  'activate-cycle': { from: ['planned'], otherwise: 'CycleNotPlanned' },
  'complete-cycle': { from: ['active'], otherwise: 'CycleNotActive' },
  'extend-cycle': { from: ['planned', 'active'], otherwise: 'CycleCompleted' },
} as const satisfies Record<string, Allowed<CycleStatus>>;

/** A partnership document with its milestones and cycles. Commands hold data that their schema has passed. */
export const documentDecider: Decider<Document | undefined, DocumentCommand, DocumentEvent> = {
  initialState: undefined,
  evolve,
  decide(command, document, context) {
    if (command.type === 'record') {
      return document ? alreadyThere(command.id, document) : record(command.data, command.newId, context);
    }
    if (!document) return refuseState('DocumentNotFound', `there is no document ${command.id}`);
    const standing = document.withdrawn ? 'withdrawn' : 'recorded';
    const allowed = command.type === 'reinstate' ? withdrawn : notWithdrawn;
    return forbidden(command.type, 'a document', standing, allowed) ?? change(command, document, context);
  },
};

function alreadyThere(id: string, { withdrawn, milestones }: Document): Refusal {
  const status = documentStatus(
    withdrawn,
    milestones.map(({ milestone }) => milestone),
  );
  return existsAlready('DocumentExists', `the document ${id}`, status);
}

/** The document with what is known of its past and its cycles, as one whole. */
function record(
  { milestones, cycles, ...fields }: DocumentCommandData<'record'>,
  newId: NewId,
  { now }: DecisionContext,
): Decision {
  const opened = cycles.map((cycle, index) => ({ ...cycle, cycleId: newId(milestones.length + index) }));
  const faults = [
    ...milestones.flatMap((milestone, index) =>
      milestoneRule(milestone, milestones.slice(0, index), now, `/milestones/${index}`),
    ),
    ...opened.flatMap((cycle, index) => openingRule(cycle, opened.slice(0, index), now, `/cycles/${index}`)),
  ];
  return unless<DocumentEvent>(
    faults,
    { type: 'DocumentRecorded', data: fields },
    ...milestones.map((milestone, index) => ({
      type: 'MilestoneReached' as const,
      data: { ...milestone, milestoneId: newId(index) },
    })),
    ...opened.map((cycle) => ({ type: 'CycleOpened' as const, data: cycle })),
  );
}

function change(command: Change, document: Document, { now }: DecisionContext): Decision {
  switch (command.type) {
    case 'amend': {
      const { reason: _, ...wanted } = command.data;
      const changes = realChanges(wanted, document.described);
      return Object.keys(changes).length > 0 ? [{ type: 'DocumentAmended', data: { changes } }] : [];
    }
    case 'withdraw':
      return [{ type: 'DocumentWithdrawn', data: command.data }];
    case 'reinstate':
      return [{ type: 'DocumentReinstated', data: command.data }];
    case 'reach-milestone': {
      const milestone = { ...command.data, milestoneId: command.newId(0) };
      return unless(milestoneRule(milestone, document.milestones, now), {
        type: 'MilestoneReached',
        data: milestone,
      });
    }
    case 'correct-milestone': {
      const others = document.milestones.filter(
        ({ milestoneId }) => milestoneId !== command.data.milestoneId,
      );
      return (
        missingMilestone(document, command.data.milestoneId) ??
        unless(milestoneRule(command.data, others, now), { type: 'MilestoneCorrected', data: command.data })
      );
    }
    case 'withdraw-milestone':
      return (
        missingMilestone(document, command.data.milestoneId) ?? [
          { type: 'MilestoneWithdrawn', data: command.data },
        ]
      );
    case 'open-cycle': {
      const cycle = { ...command.data, cycleId: command.newId(0) };
      return unless(openingRule(cycle, document.cycles, now), { type: 'CycleOpened', data: cycle });
    }
    case 'activate-cycle':
    case 'complete-cycle':
    case 'extend-cycle':
    case 'correct-cycle':
    case 'withdraw-cycle':
      return changeCycle(command, document.cycles, now);
    default:
      return command satisfies never;
  }
}

function missingMilestone({ milestones }: Document, id: string): Refusal | undefined {
  const known = milestones.map(({ milestoneId }) => milestoneId);
  return missing('Milestone', known, id);
}

type CycleChange = Extract<Change, { readonly data: { readonly cycleId: string } }>;

function changeCycle(command: CycleChange, cycles: readonly Cycle[], now: string): Decision {
  const id = command.data.cycleId;
  const cycle = cycles.find(({ cycleId }) => cycleId === id);
  if (!cycle) return refuseState('CycleNotFound', `there is no cycle ${id} here`);
  const others = cycles.filter(({ cycleId }) => cycleId !== id);
  const inState = (type: keyof typeof cycleTransitions) =>
    forbidden<CycleStatus>(type, 'a cycle', cycle.status, cycleTransitions[type]);
  switch (command.type) {
    case 'activate-cycle':
      return (
        inState(command.type) ??
        unless(startedRule(cycle, 'active', now), { type: 'CycleActivated', data: command.data })
      );
    case 'complete-cycle':
      return (
        inState(command.type) ??
        unless(startedRule(cycle, 'completed', now), { type: 'CycleCompleted', data: command.data })
      );
    case 'extend-cycle':
      return (
        inState(command.type) ??
        unless(extensionRule(cycle, command.data.to, others), { type: 'CycleExtended', data: command.data })
      );
    case 'correct-cycle':
      return unless(cycleRule(command.data, others, now), { type: 'CycleCorrected', data: command.data });
    case 'withdraw-cycle':
      return [{ type: 'CycleWithdrawn', data: command.data }];
    default:
      return command satisfies never;
  }
}
