import { recorded, type RecordView } from '#aggregates';
import type { RecordedEvent } from '#event-sourcing';
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

/** One document with its milestones in their order and its cycles in that of time. What is not recorded is absent. */
export interface DocumentView extends DocumentFields, RecordView {
  readonly status: DocumentStatus;
  readonly milestones: readonly Milestone[];
  readonly cycles: readonly Cycle[];
}

/** Folds a document's events, of which there is at least one, into what is shown of it. */
export function documentView(id: string, events: readonly RecordedEvent<DocumentEvent>[]): DocumentView {
  const document = events.reduce<Document | undefined>((so, event) => evolve(so, event), undefined)!;
  const { withdrawn, described, milestones, cycles } = document;
  const { id: _, ...when } = recorded(id, events);
  const kinds = milestones.map(({ milestone }) => milestone);
  return {
    id,
    status: documentStatus(withdrawn, kinds),
    ...described,
    milestones: milestoneKinds.flatMap((kind) => milestones.filter(({ milestone }) => milestone === kind)),
    cycles: [...cycles].sort((one, other) => (cycleSpan(one).first < cycleSpan(other).first ? -1 : 1)),
    ...when,
  };
}
