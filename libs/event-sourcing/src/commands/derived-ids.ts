import { v5 as uuidv5 } from 'uuid';
import type { CommandRequest } from './command-request.js';

/** Id of the aggregate that a command creates; a repeated command gives the same one. */
export function newId(request: CommandRequest, aggregate: string): string {
  return uuidv5(aggregate, request.commandId);
}

/** Id of the n-th part of an aggregate that a command creates; a repeated command gives the same one. */
export function partId(request: CommandRequest, ordinal = 0): string {
  return uuidv5(`part:${ordinal}`, request.commandId);
}
