import type { StoredEvent } from '../storage/event.js';

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

/** @throws SyntaxError for a regular expression that is none */
export function compileFilter({ on, regex, prefixes, checkpointInterval }: FilterOptions): Filter {
  const subject =
    on === 'streamName' ? (event: StoredEvent) => event.stream : (event: StoredEvent) => event.type;
  if (regex !== '') {
    const pattern = compile(regex);
    return { checkpointInterval, matches: (event) => pattern.test(subject(event)) };
  }
  return {
    checkpointInterval,
    matches: (event) => prefixes.some((prefix) => subject(event).startsWith(prefix)),
  };
}

/** The protocol's expressions are .NET's, which escapes more freely than Unicode mode allows. */
function compile(regex: string): RegExp {
  try {
    return new RegExp(regex, 'u');
  } catch {
    return new RegExp(regex);
  }
}
