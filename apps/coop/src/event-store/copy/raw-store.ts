import { EventStoreDBClient, StreamDeletedError } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import {
  eventsOf,
  identifier,
  readAll,
  ReadCall,
  readStream,
  type Position,
  type RawEvent,
  type ReadRequest,
} from '#event-sourcing';
import { CannotRun } from '../cannot-run.js';
import { proposed, type NewEvent } from './messages.js';
import type { BatchAppendCall } from './pipeline.js';
import { kindOf } from './raw-event.js';

/** How an append ended; `current` is where the stream stands, undefined when it does not exist. */
export type Outcome =
  | { readonly outcome: 'written'; readonly revision: bigint }
  | { readonly outcome: 'refused'; readonly current: bigint | undefined }
  | { readonly outcome: 'deleted' };

const CALL_TIMEOUT = 30_000;

/**
 * A store through the stock client's connection. The client's own calls parse JSON and write it
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
    for await (const event of this.read(readAll(after ?? 'start'))) {
      if (!after || bound === 'inclusive' || event.position.commit > after.commit) yield event;
    }
  }

  /** All events, the newest first. */
  async *readBack(): AsyncGenerator<RawEvent> {
    yield* this.read(readAll('end', { direction: 'backwards' }));
  }

  /** The newest ordinary event. */
  async newest(): Promise<RawEvent | undefined> {
    for await (const event of this.readBack()) if (kindOf(event) === 'event') return event;
    return undefined;
  }

  /** The newest event of a stream; undefined when there is none to be seen. */
  async last(stream: string): Promise<RawEvent | undefined> {
    const newest = readStream(stream, 'end', { direction: 'backwards', count: 1 });
    for await (const event of this.read(newest)) return event;
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

  private async *read(request: ReadRequest): AsyncGenerator<RawEvent> {
    try {
      for await (const events of eventsOf(new ReadCall(this.client, request, Infinity))) yield* events;
    } catch (error) {
      // A stream deleted for good has nothing to be read.
      if (!(error instanceof StreamDeletedError)) throw this.explained(error);
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
