import { convertToCommandError, type EventStoreDBClient } from '@eventstore/db-client';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import {
  decodeAppended,
  encodeAppend,
  type AppendAnswer,
  type AppendedEvents,
  type AppendRequest,
} from './append-wire.js';
import { AppendTooLarge } from './errors.js';

type Call = ClientDuplexStream<Buffer, AppendAnswer>;

/** An append that was sent and has no answer yet. */
interface Sent {
  readonly call: Call;
  readonly resolve: (appended: AppendedEvents) => void;
  readonly reject: (error: unknown) => void;
}

/** Bytes of one append; servers take 4 MB in a message, and 1 MB of events unless told otherwise. */
const MOST_BYTES = 4_000_000;
const BATCH_APPEND = '/event_store.client.streams.Streams/BatchAppend';

/**
 * Appends over the stock client's connection, all in one `BatchAppend` call that lasts, encoded here: the client writes each event's
 * JSON to base64 and back, and its message twice.
 */
export class AppendCalls {
  private readonly sent = new Map<string, Sent>();
  private count = 0;
  private readonly open: () => Promise<Call>;

  constructor(client: EventStoreDBClient) {
    this.open = client['GRPCStreamCreator'](
      grpc.StreamsClient,
      'append',
      (streams) =>
        this.listen(
          streams.makeBidiStreamRequest(
            BATCH_APPEND,
            (bytes: Buffer) => bytes,
            decodeAppended,
            ...client['callArguments']({}, { deadline: Infinity }),
          ),
        ),
      new WeakMap(),
    );
  }

  /**
   * Writes all events or none.
   * @throws AppendTooLarge, and the stock client's CommandErrors; when the call broke, it may have been written
   */
  async append(request: AppendRequest): Promise<AppendedEvents> {
    const correlation = correlationOf(++this.count);
    const bytes = encodeAppend(correlation, request);
    if (bytes.length > MOST_BYTES) throw new AppendTooLarge(`${bytes.length} bytes in one append`);
    const call = await this.open();
    return new Promise((resolve, reject) => {
      this.sent.set(correlation, { call, resolve, reject });
      call.write(bytes);
    });
  }

  private listen(call: Call): Call {
    call.on('data', ({ correlation, outcome }: AppendAnswer) => {
      const sent = this.sent.get(correlation);
      this.sent.delete(correlation);
      if (outcome instanceof Error) sent?.reject(outcome);
      else sent?.resolve(outcome);
    });
    call.on('error', (error) => this.fail(call, convertToCommandError(error)));
    call.on('end', () => this.fail(call, new Error('the event store ended the call')));
    return call;
  }

  /** Whether what has no answer yet was written is not known. */
  private fail(call: Call, error: unknown): void {
    for (const [correlation, sent] of this.sent)
      if (sent.call === call) {
        this.sent.delete(correlation);
        sent.reject(error);
      }
  }
}

/** Ids within one call: as UUIDs, which the protocol has them be. */
function correlationOf(count: number): string {
  return `00000000-0000-0000-0000-${count.toString(16).padStart(12, '0')}`;
}
