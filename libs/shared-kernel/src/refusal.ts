/**
 * A command refused by a rule of the domain. `state`: the aggregate is not in a state that allows it;
 * `rule`: what was asked breaks rules, all of which are listed.
 */
export interface Refusal {
  readonly refused: 'state' | 'rule';
  readonly errors: readonly RefusalError[];
}

/** `code` names the error for programs, `pointer` is a JSON pointer into the command's data, where one fits. */
export interface RefusalError {
  readonly code: string;
  readonly message: string;
  readonly pointer?: string;
}

export function refuseState(code: string, message: string): Refusal {
  return { refused: 'state', errors: [{ code, message }] };
}

export function refuseRules(errors: readonly RefusalError[]): Refusal {
  return { refused: 'rule', errors };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
