import { convertToCommandError, type EventStoreDBClient } from '@eventstore/db-client';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { decodeAnswer, type ReadAnswer } from './read-answer.js';
import type { ReadRequest } from './read-request.js';
import type { RawEvent } from './raw-event.js';

/** Answers that may wait to be taken. */
const MOST = 4_000;
const READ = '/event_store.client.streams.Streams/Read';

/**
 * A `Read` call over the stock client's connection, its answers decoded here: the client's own decoding takes most of what a
 * read costs. Whoever opens one cancels it: the client keeps a call that did not end for ever, and then cannot be closed.
 */
export class ReadCall {
  private call: ClientReadableStream<ReadAnswer> | undefined;
  private waiting: ReadAnswer[] = [];
  private ended = false;
  private failure: unknown;
  private wake: () => void = () => undefined;

  /** @param timeout milliseconds after which the call fails; Infinity for one that goes on */
  constructor(client: EventStoreDBClient, request: ReadRequest, timeout: number, decode = decodeAnswer) {
    const open = client['GRPCStreamCreator'](grpc.StreamsClient, 'read', (streams) =>
      streams.makeServerStreamRequest(
        READ,
        (message) => Buffer.from(message.serializeBinary()),
        decode,
        request,
        ...client['callArguments']({}, { deadline: timeout === Infinity ? timeout : Date.now() + timeout }),
      ),
    );
    open().then(
      (call) => this.listen(call),
      (error: unknown) => this.fail(error),
    );
  }

  /**
   * What has come since, once there is something; undefined at the end, or after `cancel`.
   * @throws the stock client's CommandErrors
   */
  async next(): Promise<readonly ReadAnswer[] | undefined> {
    for (;;) {
      if (this.waiting.length > 0) return this.take();
      if (this.ended) return undefined;
      if (this.failure) throw this.failure;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  cancel(): void {
    this.waiting = [];
    this.ended = true;
    this.call?.cancel();
    this.wake();
  }

  private listen(call: ClientReadableStream<ReadAnswer>): void {
    this.call = call;
    call.on('error', (error) => this.fail(convertToCommandError(error)));
    if (this.ended) return call.cancel();
    call.on('end', () => {
      this.ended = this.failure === undefined;
      this.wake();
    });
    call.on('data', (answer: ReadAnswer) => {
      // What came in one piece is told of together, not one by one.
      if (this.waiting.push(answer) === 1) setImmediate(() => this.wake());
      if (this.waiting.length === MOST) call.pause();
    });
  }

  private take(): readonly ReadAnswer[] {
    const taken = this.waiting;
    this.waiting = [];
    if (taken.length >= MOST) this.call!.resume();
    return taken;
  }

  private fail(error: unknown): void {
    this.failure ??= error;
    this.wake();
  }
}

/** The events that a call answers with, in the pieces in which they come; the call ends with the loop over them. */
export async function* eventsOf(call: ReadCall): AsyncGenerator<readonly RawEvent[]> {
  try {
    for (let answers; (answers = await call.next());)
      yield answers.map(({ event }) => event).filter((event) => event !== undefined);
  } finally {
    call.cancel();
  }
}
