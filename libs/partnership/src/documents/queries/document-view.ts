import type { View } from '#aggregates';
import {
  documentStatus,
  evolve,
  type Cycle,
  type Document,
  type DocumentStatus,
  type Milestone,
} from '../domain/document.js';
import type { DocumentEvent } from '../domain/events.js';
import { milestoneKinds, type DocumentFields } from '../domain/fields.js';
import { cycleSpan } from '../domain/rules.js';

/** All that is recorded of a document, its milestones in their order and its cycles in that of time. */
export interface DocumentView extends DocumentFields {
  readonly status: DocumentStatus;
  readonly milestones: readonly Milestone[];
  readonly cycles: readonly Cycle[];
}

export const documentView: View<DocumentEvent, Document, DocumentView> = {
  evolve,
  show({ withdrawn, described, milestones, cycles }) {
    const kinds = milestones.map(({ milestone }) => milestone);
    return { status: documentStatus(withdrawn, kinds), ...described, milestones, cycles };
  },
  arrange({ milestones, cycles, ...document }) {
    return {
      ...document,
      milestones: milestoneKinds.flatMap((kind) => milestones.filter(({ milestone }) => milestone === kind)),
      cycles: [...cycles].sort((one, other) => (cycleSpan(one).first < cycleSpan(other).first ? -1 : 1)),
    };
  },
};
