import { EventStoreDBClient } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import { CannotRun } from '../cannot-run.js';
import { BACKWARDS, FORWARDS, identifier, options, proposed, rawEvent, type NewEvent } from './messages.js';
import type { BatchAppendCall } from './pipeline.js';
import { kindOf, type Position, type RawEvent } from './raw-event.js';

/** How an append ended; `current` is where the stream stands, undefined when it does not exist. */
export type Outcome =
  | { readonly outcome: 'written'; readonly revision: bigint }
  | { readonly outcome: 'refused'; readonly current: bigint | undefined }
  | { readonly outcome: 'deleted' };

const CALL_TIMEOUT = 30_000;

/**
 * A store through the stock client's connection and its generated messages. The client's own calls parse JSON and write it
 * anew, which changes numbers beyond 2^53 and the spelling of others; a copy has to carry the bytes.
 */
export class RawStore {
  private readonly client: EventStoreDBClient;

  /** @throws CannotRun when the connection string is none */
  constructor(
    readonly name: 'source' | 'target',
    connectionString: string,
  ) {
    try {
      this.client = EventStoreDBClient.connectionString(connectionString);
    } catch (error) {
      throw new CannotRun(`the ${name} is no connection string: ${(error as Error).message}`);
    }
  }

  /** All events after a position (undefined: from the first) up to the newest one there is now. */
  async *readAll(after?: Position, bound: 'exclusive' | 'inclusive' = 'exclusive'): AsyncGenerator<RawEvent> {
    const from = new streams.ReadReq.Options.AllOptions();
    if (after) {
      const position = new streams.ReadReq.Options.Position();
      from.setPosition(position.setCommitPosition(`${after.commit}`).setPreparePosition(`${after.prepare}`));
    } else from.setStart(new shared.Empty());
    for await (const event of this.read(options(FORWARDS).setAll(from))) {
      if (!after || bound === 'inclusive' || event.position.commit > after.commit) yield event;
    }
  }

  /** All events, the newest first. */
  async *readBack(): AsyncGenerator<RawEvent> {
    const from = new streams.ReadReq.Options.AllOptions().setEnd(new shared.Empty());
    yield* this.read(options(BACKWARDS).setAll(from));
  }

  /** The newest ordinary event. */
  async newest(): Promise<RawEvent | undefined> {
    for await (const event of this.readBack()) if (kindOf(event) === 'event') return event;
    return undefined;
  }

  /** The newest event of a stream; undefined when there is none to be seen. */
  async last(stream: string): Promise<RawEvent | undefined> {
    const from = new streams.ReadReq.Options.StreamOptions();
    from.setStreamIdentifier(identifier(stream)).setEnd(new shared.Empty());
    for await (const event of this.read(options(BACKWARDS).setStream(from).setCount('1'))) return event;
    return undefined;
  }

  /** Writes all events or none. `expected` is the revision before the first, -1 for a new stream, or any. */
  async append(stream: string, expected: bigint | 'any', events: readonly NewEvent[]): Promise<Outcome> {
    const head = new streams.AppendReq.Options().setStreamIdentifier(identifier(stream));
    if (expected === 'any') head.setAny(new shared.Empty());
    else if (expected < 0n) head.setNoStream(new shared.Empty());
    else head.setRevision(`${expected}`);
    return this.call((client) =>
      outcome((done) => {
        const sink = client.append(...this.arguments(), (error, answer) => done(error, () => answer));
        sink.on('error', () => undefined);
        sink.write(new streams.AppendReq().setOptions(head));
        for (const event of events)
          sink.write(
            new streams.AppendReq().setProposedMessage(
              proposed(new streams.AppendReq.ProposedMessage(), event),
            ),
          );
        sink.end();
      }),
    );
  }

  /** A call that takes any number of appends. */
  openAppends(): Promise<BatchAppendCall> {
    return this.client['GRPCStreamCreator'](grpc.StreamsClient, 'copy', (client) =>
      client.batchAppend(...this.client['callArguments']({}, { deadline: Infinity })),
    )();
  }

  /** Deletes a stream for good. */
  async tombstone(stream: string): Promise<void> {
    const about = new streams.TombstoneReq.Options().setStreamIdentifier(identifier(stream));
    const request = new streams.TombstoneReq().setOptions(about.setAny(new shared.Empty()));
    await this.call((client) =>
      outcome((done) => client.tombstone(request, ...this.arguments(), (error) => done(error))),
    );
  }

  /** Without it the process does not end. */
  async close(): Promise<void> {
    await this.client.dispose();
  }

  private async *read(about: streams.ReadReq.Options): AsyncGenerator<RawEvent> {
    const request = new streams.ReadReq().setOptions(about);
    const open = this.client['GRPCStreamCreator'](grpc.StreamsClient, 'copy', (client) =>
      client.read(request, ...this.client['callArguments']({}, { deadline: Infinity })),
    );
    try {
      const call = await open();
      try {
        for await (const answer of call) {
          const event = (answer as streams.ReadResp).getEvent()?.getEvent();
          if (event) yield rawEvent(event);
        }
      } finally {
        // The client keeps a call that was not read to its end for ever, and then cannot be closed.
        call.on('error', () => undefined).cancel();
      }
    } catch (error) {
      // A stream deleted for good has nothing to be read.
      if (!isStreamDeleted(error)) throw this.explained(error);
    }
  }

  private async call<Result>(work: (client: grpc.StreamsClient) => Promise<Result>): Promise<Result> {
    try {
      return await this.client['execute'](grpc.StreamsClient, 'copy', work);
    } catch (error) {
      throw this.explained(error);
    }
  }

  private arguments() {
    return this.client['callArguments']({ deadline: CALL_TIMEOUT });
  }

  private explained(error: unknown): unknown {
    if (!(error instanceof Error) || error instanceof TypeError) return error;
    return new CannotRun(`the ${this.name} store failed: ${error.message}`, { cause: error });
  }
}

function isStreamDeleted(error: unknown): boolean {
  return (error as ServiceError | null)?.metadata?.get('exception')[0] === 'stream-deleted';
}

type Done = (error: ServiceError | null, answer?: () => streams.AppendResp) => void;

/** @throws ServiceError for anything but an answer about the stream */
function outcome(start: (done: Done) => void): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    start((error, answer) => {
      if (isStreamDeleted(error)) return resolve({ outcome: 'deleted' });
      if (error) return reject(error);
      const response = answer?.();
      const wrong = response?.getWrongExpectedVersion();
      if (!wrong)
        return resolve({
          outcome: 'written',
          revision: BigInt(response?.getSuccess()?.getCurrentRevision() ?? 0),
        });
      resolve({
        outcome: 'refused',
        current: wrong.hasCurrentRevision() ? BigInt(wrong.getCurrentRevision()) : undefined,
      });
    });
  });
}
