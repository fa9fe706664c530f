import type { Actor } from '#shared-kernel';

/** Everything about a command that is not its data: who, when, under which id, against which revision. */
export interface CommandRequest {
  readonly actor: Actor;
  /** RFC 3339 UTC, from the application's clock. */
  readonly now: string;
  /** UUID. Event ids, and ids of what the command creates, are derived from it, so a retry writes the same events. */
  readonly commandId: string;
  /** The client chose the id (Idempotency-Key): its reuse for another command is refused. */
  readonly keyed: boolean;
  readonly correlationId: string;
  readonly causationId?: string;
  /** From If-Match: any other revision is refused as stale. */
  readonly expectedRevision?: bigint;
}

/** Where the aggregate stands after the command. */
export interface CommandOutcome {
  readonly id: string;
  readonly revision: bigint;
  /** Commit position of the command's last event: what a query must wait for to see it. */
  readonly position: bigint;
}
