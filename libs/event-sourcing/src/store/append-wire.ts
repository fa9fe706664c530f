import { unpackToCommandError } from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { NO_REVISION } from './name-error.js';
import { bigintOf, schema, uuidOf, type Long, type Uuid } from './schema.js';

const requestType = schema.lookupType('BatchAppendReq');
const answerType = schema.lookupType('BatchAppendResp');

/** Events to write to a stream, all or none. */
export interface AppendRequest {
  readonly stream: string;
  /** What the stream has to be at; NO_REVISION: it does not exist. */
  readonly expected: bigint;
  readonly events: readonly WrittenEvent[];
}

/** An event to be appended, its JSON as it is to be stored. */
export interface WrittenEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** Where the last event of an append stands, also of one that is repeated. */
export interface AppendedEvents {
  readonly revision: bigint;
  readonly position: bigint;
}

/** Answer to the append that was sent with this `correlation`: what it did, or why it did nothing. */
export interface AppendAnswer {
  readonly correlation: string;
  readonly outcome: AppendedEvents | Error;
}

/** Seconds. Required; servers give up after two by themselves, and their clocks may differ from ours. */
const DEADLINE = 60;

/** The bytes of a `BatchAppend` request, all of it in one. @param correlation a UUID, which its answer bears */
export function encodeAppend(correlation: string, { stream, expected, events }: AppendRequest): Buffer {
  const deadline = Math.floor(Date.now() / 1_000) + DEADLINE;
  const message = {
    correlation: { text: correlation },
    options: {
      stream: { name: stream },
      ...(expected === NO_REVISION ? { noStream: {} } : { revision: Number(expected) }),
      deadline: { seconds: deadline },
    },
    events: events.map(({ id, type, data, metadata }) => ({
      id: { text: id },
      properties: { type, 'content-type': 'application/json' },
      ...{ metadata, data },
    })),
    isFinal: true,
  };
  return requestType.encode(message as never).finish() as Buffer;
}

interface Answered {
  readonly correlation: Uuid;
  readonly error: object | null;
  readonly success: { readonly revision: Long; readonly position: { readonly commit: Long } | null } | null;
}

/** An answer from its bytes. What went wrong is the stock client's to name. */
export function decodeAppended(bytes: Buffer): AppendAnswer {
  const { correlation, error, success } = answerType.decode(bytes) as unknown as Answered;
  const outcome =
    error || !success?.position
      ? refusal(bytes)
      : { revision: bigintOf(success.revision), position: bigintOf(success.position.commit) };
  return { correlation: uuidOf(correlation), outcome };
}

function refusal(bytes: Buffer): Error {
  const answer = streams.BatchAppendResp.deserializeBinary(bytes);
  const stream = Buffer.from(answer.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
  const error = answer.getError();
  return error
    ? unpackToCommandError(error, stream)
    : new Error('the event store answered an append with nothing');
}
