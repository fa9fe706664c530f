import { EXPECTED } from '../storage/decide-write.js';
import type { ProposedEvent } from '../storage/event.js';
import type { WriteRequest, WriteResult } from '../storage/plan-batch.js';
import { WriteExpired } from '../storage/errors.js';
import { originalOf } from '../storage/stream-metadata.js';
import type { Writer } from '../storage/writer.js';
import {
  appendTooLarge,
  badRequest,
  MAX_APPEND_SIZE,
  streamDeleted,
  wrongExpectedVersion,
} from './errors.js';
import { frame } from './frames.js';
import type { Call, Method } from './grpc-server.js';
import { shared, streams } from './protocol.js';
import { appendSize, expectedOf, proposedEvent, writableStreamOf } from './requests.js';

/** Longest time the server gives a write, in milliseconds. */
const COMMIT_TIMEOUT = 2_000;

/** Streams.Append: options, then events, one answer. */
export function appendMethod(writer: Writer): Method {
  return async (call) => {
    let options: streams.AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    let size = 0;
    for await (const payload of call.messages()) {
      const message = streams.AppendReq.deserializeBinary(payload);
      if (message.hasOptions() === (options !== undefined))
        throw badRequest('options first, then proposed messages');
      if (message.hasOptions()) {
        options = message.getOptions()!;
        continue;
      }
      const event = proposedEvent(message.getProposedMessage()!);
      size += appendSize(event);
      if (size > MAX_APPEND_SIZE) throw appendTooLarge();
      events.push(event);
    }
    if (!options) throw badRequest('options are missing');
    const stream = writableStreamOf(options.getStreamIdentifier());
    const expected = expectedOf(options, options.getRevision());
    const result = await timedWrite(
      writer,
      { action: 'append', stream, expected, events },
      size,
      call.deadline,
    );
    await call.write(frame(appendResponse(stream, expected, result)));
  };
}

/** Streams.Delete and Streams.Tombstone. */
export function deleteMethod(writer: Writer, action: 'delete' | 'tombstone'): Method {
  const [Request, Response] =
    action === 'delete'
      ? [streams.DeleteReq, streams.DeleteResp]
      : [streams.TombstoneReq, streams.TombstoneResp];
  return async (call) => {
    const options = Request.deserializeBinary(await onlyMessage(call)).getOptions();
    if (!options) throw badRequest('options are missing');
    const stream = writableStreamOf(options.getStreamIdentifier());
    if (originalOf(stream) !== undefined) throw badRequest('a metadata stream ends with its stream only');
    const expected = expectedOf(options, options.getRevision());
    const result = await timedWrite(writer, { action, stream, expected, events: [] }, 0, call.deadline);
    if (result.result === 'streamDeleted') throw streamDeleted(stream);
    if (result.result === 'wrongExpectedVersion')
      throw wrongExpectedVersion(stream, expected, result.current);
    const position = new Response.Position();
    position.setCommitPosition(String(result.position)).setPreparePosition(String(result.position));
    await call.write(frame(new Response().setPosition(position as never)));
  };
}

/** The message of a call that sends one. */
export async function onlyMessage(call: Call): Promise<Buffer> {
  for await (const payload of call.messages()) return payload;
  throw badRequest('a request message is missing');
}

/**
 * Writes, but answers WriteExpired once `deadline` (milliseconds since 1970) or the server's own limit has passed; the
 * write may still happen then.
 * @throws WriteExpired, StorageUnavailable
 */
export function timedWrite(
  writer: Writer,
  request: WriteRequest,
  size: number,
  deadline: number,
): Promise<WriteResult> {
  const expiresAt = Math.min(deadline, Date.now() + COMMIT_TIMEOUT);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new WriteExpired('the write did not finish in time')),
      Math.max(0, expiresAt - Date.now()),
    );
    writer
      .write(request, size, expiresAt)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}

function appendResponse(stream: string, expected: number, result: WriteResult): streams.AppendResp {
  switch (result.result) {
    case 'streamDeleted':
      throw streamDeleted(stream);
    case 'wrongExpectedVersion':
      return new streams.AppendResp().setWrongExpectedVersion(wrongVersion(expected, result.current));
    case 'written': {
      const success = new streams.AppendResp.Success();
      if (result.revision < 0) success.setNoStream(new shared.Empty());
      else success.setCurrentRevision(String(result.revision));
      if (result.position === undefined) success.setNoPosition(new shared.Empty());
      else {
        const position = String(result.position);
        success.setPosition(
          new streams.AppendResp.Position().setCommitPosition(position).setPreparePosition(position),
        );
      }
      return new streams.AppendResp().setSuccess(success);
    }
  }
}

/** With the fields of servers before 20.6.1 beside those of later ones: old clients read only the former. */
function wrongVersion(expected: number, current: number): streams.AppendResp.WrongExpectedVersion {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0) wrong.setCurrentNoStream(new shared.Empty()).setNoStream2060(new shared.Empty());
  else wrong.setCurrentRevision(String(current)).setCurrentRevision2060(current);
  switch (expected) {
    case EXPECTED.ANY:
      return wrong.setExpectedAny(new shared.Empty()).setAny2060(new shared.Empty());
    case EXPECTED.STREAM_EXISTS:
      return wrong.setExpectedStreamExists(new shared.Empty()).setStreamExists2060(new shared.Empty());
    case EXPECTED.NO_STREAM:
      return wrong.setExpectedNoStream(new shared.Empty());
    default:
      return wrong.setExpectedRevision(BigInt(expected).toString()).setExpectedRevision2060(expected);
  }
}
