import type { StoredEvent } from '../storage/event.js';
import { compileRegularExpression } from './regular-expression.js';

export interface FilterOptions {
  readonly on: 'streamName' | 'eventType';
  /** A non-empty one beats the prefixes. */
  readonly regex: string;
  readonly prefixes: readonly string[];
  /** Events to look at before telling how far one got. */
  readonly checkpointInterval: number;
}

export interface Filter {
  readonly checkpointInterval: number;
  matches(event: StoredEvent): boolean;
}

/** @throws SyntaxError for a regular expression that cannot be used, and for a filter without one and without prefixes */
export function compileFilter({ on, regex, prefixes, checkpointInterval }: FilterOptions): Filter {
  const subject =
    on === 'streamName' ? (event: StoredEvent) => event.stream : (event: StoredEvent) => event.type;
  if (regex !== '') {
    const matches = compileRegularExpression(regex);
    return { checkpointInterval, matches: (event) => matches(subject(event)) };
  }
  // It could only match nothing, and who sent it meant everything or forgot something.
  if (prefixes.length === 0) throw new SyntaxError('a filter needs a regular expression or a prefix');
  return {
    checkpointInterval,
    matches: (event) => prefixes.some((prefix) => subject(event).startsWith(prefix)),
  };
}
