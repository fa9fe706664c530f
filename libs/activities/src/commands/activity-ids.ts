import { newId, type CommandRequest } from '#event-sourcing';
import { v5 as uuidv5 } from 'uuid';

const REFERENCES = '0d8f0a52-6d0a-5f0e-8a53-6a1c2b1c7e11';

/** Where a new activity goes. `isNew`: no other command can have made this id. */
export interface NewActivity {
  readonly id: string;
  readonly isNew: boolean;
}

/** The id of an activity to plan or log: the same reference gives the same one, however it is spaced or capitalised. */
export function newActivity(reference: string | undefined, request: CommandRequest): NewActivity {
  if (reference === undefined) return { id: newId(request, 'activity'), isNew: true };
  const normalised = reference.normalize('NFKC').replace(/\s+/g, ' ').trim().toUpperCase();
  return { id: uuidv5(normalised, REFERENCES), isNew: false };
}
