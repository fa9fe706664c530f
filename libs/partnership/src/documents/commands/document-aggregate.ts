import { namedId, type Aggregate } from '#event-sourcing';
import type { Document } from '../domain/document.js';
import type { DocumentCommand } from '../domain/commands.js';
import { documentDecider } from '../domain/decide.js';
import type { DocumentEvent } from '../domain/events.js';

const NAMES = 'a3a2c1d8-1a53-5e0f-9d0c-5b8c64f2d101';

/** The same reference gives the same document, however it is spaced or capitalised. */
export const documentAggregate: Aggregate<Document | undefined, DocumentCommand, DocumentEvent> = {
  name: 'document',
  decider: documentDecider,
  idFrom: (data) =>
    'reference' in data && data.reference !== undefined ? namedId(NAMES, data.reference) : undefined,
};
