import { createRequire } from 'node:module';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { identifier, type RawEvent } from '#event-sourcing';
import { CannotRun } from '../cannot-run.js';
import { proposed } from './messages.js';
import { appendSize, LARGEST_APPEND } from './raw-event.js';

// The client's own copy of google-protobuf: its message classes accept no other.
const require = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));
const { Timestamp } = require('google-protobuf/google/protobuf/timestamp_pb.js') as {
  Timestamp: { fromDate(date: Date): never };
};
const { Empty } = require('google-protobuf/google/protobuf/empty_pb.js') as { Empty: new () => never };

export type BatchAppendCall = ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

const MOST_APPENDS = 256;
const MOST_BYTES = 4 * LARGEST_APPEND;
/** The server has its own limit, of two seconds; this one only has to be later. */
const DEADLINE = 60_000;
const WRONG_EXPECTED_VERSION = 'event_store.client.WrongExpectedVersion';

interface Sent {
  readonly events: readonly RawEvent[];
  readonly size: number;
}

/**
 * Appends on one call, sent one after the other without waiting for each answer. The server takes them in the order in which they
 * come, so whatever is killed, what is stored is the beginning of what was sent.
 */
export class Pipeline {
  private readonly sent = new Map<string, Sent>();
  private bytes = 0;
  private failure: unknown;
  private changed: () => void = () => undefined;

  constructor(
    private readonly call: BatchAppendCall,
    private readonly refusal: (first: RawEvent, current: bigint | undefined) => Error,
  ) {
    call.on('data', (answer: streams.BatchAppendResp) => this.take(answer));
    call.on('error', (error) => this.fail(new CannotRun(`the target store failed: ${error.message}`)));
    call.on('end', () => this.fail(new CannotRun('the target store ended the call')));
  }

  /** Resolves when there is room for more. @throws what an append before ended with, if not well */
  async send(events: readonly RawEvent[]): Promise<void> {
    const size = events.reduce((sum, event) => sum + appendSize(event), 0);
    await this.until(
      () => this.sent.size === 0 || (this.sent.size < MOST_APPENDS && this.bytes + size <= MOST_BYTES),
    );
    const [first] = events as [RawEvent];
    const correlation = crypto.randomUUID();
    this.sent.set(correlation, { events, size });
    this.bytes += size;
    const options = new streams.BatchAppendReq.Options()
      .setStreamIdentifier(identifier(first.stream))
      .setDeadline(Timestamp.fromDate(new Date(Date.now() + DEADLINE)));
    if (first.revision === 0n) options.setNoStream(new Empty());
    else options.setStreamPosition(String(first.revision - 1n));
    this.call.write(
      new streams.BatchAppendReq()
        .setCorrelationId(new shared.UUID().setString(correlation))
        .setOptions(options)
        .setProposedMessagesList(
          events.map((event) => proposed(new streams.BatchAppendReq.ProposedMessage(), event)),
        )
        .setIsFinal(true),
    );
  }

  /** Resolves when everything sent is stored. @throws as send */
  drain(): Promise<void> {
    return this.until(() => this.sent.size === 0);
  }

  close(): void {
    this.call
      .removeAllListeners('end')
      .removeAllListeners('error')
      .on('error', () => undefined);
    this.call.end();
    this.call.cancel();
  }

  private async until(condition: () => boolean): Promise<void> {
    for (;;) {
      if (this.failure) throw this.failure;
      if (condition()) return;
      await new Promise<void>((resolve) => (this.changed = resolve));
    }
  }

  private take(answer: streams.BatchAppendResp): void {
    const correlation = answer.getCorrelationId()!.getString();
    const { events, size } = this.sent.get(correlation)!;
    this.sent.delete(correlation);
    this.bytes -= size;
    const last = events.at(-1)!;
    const error = answer.getError();
    const wrong = error
      ?.getDetails()
      ?.unpack(shared.WrongExpectedVersion.deserializeBinary, WRONG_EXPECTED_VERSION);
    if (wrong) {
      const current = wrong.hasCurrentStreamRevision() ? BigInt(wrong.getCurrentStreamRevision()) : undefined;
      this.fail(this.refusal(events[0]!, current));
    } else if (error) {
      this.fail(new CannotRun(`the target store refused ${last.stream}: ${error.getMessage()}`));
    } else if (BigInt(answer.getSuccess()!.getCurrentRevision()) !== last.revision) {
      this.fail(this.refusal(last, last.revision));
    }
    this.changed();
  }

  private fail(error: unknown): void {
    this.failure ??= error;
    this.changed();
  }
}
