/** One fault of a request: `pointer` is a JSON pointer into the body, or the name of a query parameter or header. */
export interface ProblemError {
  readonly pointer?: string;
  readonly code: string;
  readonly message: string;
}

/** An answer of `application/problem+json` (RFC 9457) thrown as an error. `code` names it for programs. */
export class Problem extends Error {
  override name = 'Problem';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors?: readonly ProblemError[],
    /** Seconds after which a retry makes sense. */
    readonly retryAfter?: number,
  ) {
    super(detail);
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  401: 'Who is asking is not known',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Format not offered',
  408: 'Request took too long',
  409: 'Not possible in the present state',
  412: 'Stale revision',
  413: 'Request too large',
  415: 'Format not understood',
  422: 'Rule broken',
  428: 'Precondition required',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Temporarily not available',
};

export const problemTitle = (status: number): string => TITLES[status] ?? 'Error';
