import type { DomainEvent } from './decider.js';
import { refuseRules, refuseState, type Refusal, type RefusalError } from './refusal.js';

/** The states in which a command is taken. */
export interface Allowed<Status extends string> {
  readonly from: readonly Status[];
  /** Error code in every other state. */
  readonly otherwise: string;
}

/**
 * Why the aggregate's state forbids the command; undefined when it does not.
 * @param aggregate what it is called, as in `an activity`
 */
export function forbidden<Status extends string>(
  command: string,
  aggregate: string,
  status: Status,
  { from, otherwise }: Allowed<Status>,
): Refusal | undefined {
  if (from.includes(status)) return undefined;
  const states = `${from.slice(0, -1).join(', ')}${from.length > 1 ? ' or ' : ''}${from.at(-1)}`;
  return refuseState(otherwise, `${command} needs ${aggregate} that is ${states}; this one is ${status}`);
}

/**
 * Refuses to begin what is there already: says its state where that says more, and the way out of a withdrawal.
 * @param aggregate what it is called, with its id
 */
export function existsAlready(code: string, aggregate: string, status: string): Refusal {
  const state = status === 'recorded' ? '' : ` and is ${status}`;
  const wayOut = status === 'withdrawn' ? ': reinstate it' : '';
  return refuseState(code, `${aggregate} is recorded already${state}${wayOut}`);
}

/** The events, unless a rule is broken. */
export function unless<Event extends DomainEvent>(
  faults: readonly RefusalError[],
  ...events: readonly Event[]
): readonly Event[] | Refusal {
  return faults.length > 0 ? refuseRules(faults) : events;
}

/**
 * Refuses a part that was never recorded, or is there no more; undefined when it is there.
 * @param part its name, as in `Follow-up`; the code is `FollowUpNotFound`
 */
export function missing(part: string, recorded: readonly string[], id: string): Refusal | undefined {
  if (recorded.includes(id)) return undefined;
  const code = part.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return refuseState(`${code}NotFound`, `there is no ${part.toLowerCase()} ${id} here`);
}
