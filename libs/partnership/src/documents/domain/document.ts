import { amended } from '#shared-kernel';
import type { DocumentEvent } from './events.js';
import {
  milestoneKinds,
  type CycleFields,
  type DocumentFields,
  type MilestoneFields,
  type MilestoneKind,
} from './fields.js';

export type Milestone = MilestoneFields & { readonly milestoneId: string };
export type Cycle = CycleFields & { readonly cycleId: string };

/** A document as it is; its parts are those that are not withdrawn, in the order in which they were recorded. */
export interface Document {
  /** Recorded by mistake. */
  readonly withdrawn: boolean;
  readonly described: DocumentFields;
  readonly milestones: readonly Milestone[];
  readonly cycles: readonly Cycle[];
}

export const documentStatuses = ['recorded', ...milestoneKinds, 'withdrawn'] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

/** The last, in their order, of the milestones that were reached. */
export function documentStatus(withdrawn: boolean, reached: readonly MilestoneKind[]): DocumentStatus {
  if (withdrawn) return 'withdrawn';
  return milestoneKinds.findLast((milestone) => reached.includes(milestone)) ?? 'recorded';
}

/** The document after one more event; undefined is one that was never recorded. */
export function evolve(document: Document | undefined, event: DocumentEvent): Document | undefined {
  if (event.type === 'DocumentRecorded') {
    return { withdrawn: false, described: event.data, milestones: [], cycles: [] };
  }
  return document && changed(document, event);
}

function changed(document: Document, event: Exclude<DocumentEvent, { type: 'DocumentRecorded' }>): Document {
  const { milestones, cycles } = document;
  const cycleChanged = (cycleId: string, change: (cycle: Cycle) => Cycle): Document => ({
    ...document,
    cycles: cycles.map((cycle) => (cycle.cycleId === cycleId ? change(cycle) : cycle)),
  });
  switch (event.type) {
    case 'DocumentAmended':
      return { ...document, described: amended(document.described, event.data.changes) };
    case 'DocumentWithdrawn':
      return { ...document, withdrawn: true };
    case 'DocumentReinstated':
      return { ...document, withdrawn: false };
    case 'MilestoneReached':
      return { ...document, milestones: [...milestones, event.data] };
    case 'MilestoneCorrected': {
      const { reason: _, ...corrected } = event.data;
      const { milestoneId } = corrected;
      return {
        ...document,
        milestones: milestones.map((known) => (known.milestoneId === milestoneId ? corrected : known)),
      };
    }
    case 'MilestoneWithdrawn':
      return {
        ...document,
        milestones: milestones.filter(({ milestoneId }) => milestoneId !== event.data.milestoneId),
      };
    case 'CycleOpened':
      return { ...document, cycles: [...cycles, event.data] };
    case 'CycleActivated':
      return cycleChanged(event.data.cycleId, (cycle) => ({ ...cycle, status: 'active' }));
    case 'CycleCompleted':
      return cycleChanged(event.data.cycleId, (cycle) => ({ ...cycle, status: 'completed' }));
    case 'CycleExtended': {
      const { cycleId, to } = event.data;
      return cycleChanged(cycleId, (cycle) => ({ ...cycle, to }));
    }
    case 'CycleCorrected': {
      const { reason: _, ...corrected } = event.data;
      return cycleChanged(corrected.cycleId, ({ status }) => ({ ...corrected, status }));
    }
    case 'CycleWithdrawn':
      return { ...document, cycles: cycles.filter(({ cycleId }) => cycleId !== event.data.cycleId) };
    default:
      return event satisfies never;
  }
}
