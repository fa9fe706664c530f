import { uuidv5 } from '../uuid.js';
import type { CommandRequest } from './command-request.js';

/** Id of the aggregate that a command creates; a repeated command gives the same one. */
export function newId(request: CommandRequest, aggregate: string): string {
  return uuidv5(aggregate, request.commandId);
}

/** Id of the n-th part of an aggregate that a command creates; a repeated command gives the same one. */
export function partId(request: CommandRequest, ordinal = 0): string {
  return uuidv5(`part:${ordinal}`, request.commandId);
}

/** Id that what names an aggregate gives it, however it is spaced or capitalised. `namespace`: a UUID of its own for each kind. */
export function namedId(namespace: string, ...names: readonly string[]): string {
  return uuidv5(names.map(normalised).join('\u0000'), namespace);
}

function normalised(name: string): string {
  return name.normalize('NFKC').replace(/\s+/g, ' ').trim().toUpperCase();
}
