/** The gRPC status codes used here. */
export enum Status {
  CANCELLED = 1,
  UNKNOWN = 2,
  INVALID_ARGUMENT = 3,
  DEADLINE_EXCEEDED = 4,
  NOT_FOUND = 5,
  ALREADY_EXISTS = 6,
  RESOURCE_EXHAUSTED = 8,
  FAILED_PRECONDITION = 9,
  ABORTED = 10,
  UNIMPLEMENTED = 12,
  UNAVAILABLE = 14,
}

/** Ends a call with a status; `metadata` travels as trailers, where clients look for the `exception` and its numbers. */
export class GrpcError extends Error {
  override name = 'GrpcError';
  constructor(
    readonly status: Status,
    message: string,
    readonly metadata: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  static of(error: unknown): GrpcError {
    if (error instanceof GrpcError) return error;
    return new GrpcError(Status.UNKNOWN, error instanceof Error ? error.message : String(error));
  }

  trailers(): Record<string, string> {
    const metadata = Object.entries(this.metadata).map(([name, value]) => [name, headerText(value)]);
    return {
      'grpc-status': String(this.status),
      'grpc-message': encodeURI(this.message.toWellFormed()),
      ...Object.fromEntries(metadata),
    };
  }
}

/**
 * Header values are visible ASCII; anything else is percent-encoded. So are spaces at the ends, which HTTP/2 drops. A `%` of the
 * value's own is not: EventStoreDB sends names as they are.
 */
function headerText(value: string): string {
  if (!/^[\x20-\x7e]*$/.test(value)) return encodeURI(value.toWellFormed());
  return value.replace(/^ +| +$/g, (spaces) => '%20'.repeat(spaces.length));
}
