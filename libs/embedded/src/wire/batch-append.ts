import { EXPECTED } from '../storage/decide-write.js';
import type { ProposedEvent } from '../storage/event.js';
import type { WriteResult } from '../storage/plan-batch.js';
import { WriteExpired } from '../storage/errors.js';
import type { Writer } from '../storage/writer.js';
import { timedWrite } from './append.js';
import { appendTooLarge, badRequest, MAX_APPEND_SIZE } from './errors.js';
import { frame } from './frames.js';
import { GrpcError, Status } from './grpc-error.js';
import type { Call, Method } from './grpc-server.js';
import { any, googleEmpty, shared, status, streams } from './protocol.js';
import { appendSize, expectedOf, proposedEvent, uuidOf, writableStreamOf } from './requests.js';

type Response = streams.BatchAppendResp;

/** One append, in the making until its last fragment is there. */
interface Fragments {
  readonly identifier: shared.StreamIdentifier | undefined;
  readonly stream: string;
  readonly expected: number;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly events: ProposedEvent[];
  size: number;
  /** Why it is refused already; what follows is skipped, so that it gets one answer only. */
  refusal?: GrpcError;
}

/** Appends of one call under way at a time; further ones wait on the wire, where their time does not run yet. */
const MOST_RUNNING = 2_000;

/** Streams.BatchAppend: any number of appends on one call, in fragments that may mix; answers in the order of commit. */
export function batchAppendMethod(writer: Writer): Method {
  return async (call) => {
    const open = new Map<string, Fragments>();
    const running = new Set<Promise<void>>();
    let fail: (error: Error) => void = () => undefined;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    failed.catch(() => undefined);

    const take = async () => {
      for await (const payload of call.messages()) {
        // What comes now could be written, but no longer be answered.
        if (call.signal.aborted) break;
        const message = streams.BatchAppendReq.deserializeBinary(payload);
        const correlation = message.getCorrelationId();
        const key = uuidOf(correlation);
        const append = open.get(key) ?? begin(message.getOptions());
        addFragment(append, message);
        if (!message.getIsFinal()) {
          open.set(key, append);
          continue;
        }
        open.delete(key);
        const done = answer(call, writer, correlation!, append).catch(fail);
        running.add(done);
        void done.then(() => running.delete(done));
        if (running.size >= MOST_RUNNING) await Promise.race(running);
      }
      await Promise.all(running);
    };
    const stopped = new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()));
    await Promise.race([take(), failed, stopped.then(() => Promise.all(running))]);
    // Its clients would wait for ever for the rest after a clean end.
    call.signal.throwIfAborted();
  };
}

function begin(options: streams.BatchAppendReq.Options | undefined): Fragments {
  const identifier = options?.getStreamIdentifier();
  const empty = { identifier, stream: '', expected: EXPECTED.ANY, deadline: Infinity, events: [], size: 0 };
  try {
    if (!options) throw badRequest('options are missing on the first fragment');
    return {
      ...empty,
      stream: writableStreamOf(identifier),
      expected: expectedOf(options, options.getStreamPosition()),
      deadline: options.getDeadline()?.toDate().getTime() ?? Infinity,
    };
  } catch (error) {
    return { ...empty, refusal: GrpcError.of(error) };
  }
}

function addFragment(append: Fragments, message: streams.BatchAppendReq): void {
  if (append.refusal) return;
  try {
    for (const proposed of message.getProposedMessagesList()) {
      const event = proposedEvent(proposed);
      append.size += appendSize(event);
      if (append.size > MAX_APPEND_SIZE) throw appendTooLarge();
      append.events.push(event);
    }
  } catch (error) {
    append.refusal = GrpcError.of(error);
    append.events.length = 0;
  }
}

/** @throws StorageUnavailable, which has no place in an answer and ends the call */
async function answer(
  call: Call,
  writer: Writer,
  correlation: shared.UUID,
  append: Fragments,
): Promise<void> {
  const { identifier, stream, expected, events, size, deadline, refusal } = append;
  const response = new streams.BatchAppendResp()
    .setCorrelationId(correlation)
    .setStreamIdentifier(identifier);
  setExpected(response, expected);
  if (refusal) response.setError(refusedStatus(refusal));
  else {
    try {
      const result = await timedWrite(writer, { action: 'append', stream, expected, events }, size, deadline);
      setResult(response, identifier, expected, result);
    } catch (error) {
      if (!(error instanceof WriteExpired)) throw error;
      response.setError(
        errorStatus(Status.DEADLINE_EXCEEDED, error.message, 'Timeout', new shared.Timeout()),
      );
    }
  }
  await call.write(frame(response));
}

function setResult(
  response: Response,
  identifier: shared.StreamIdentifier | undefined,
  expected: number,
  result: WriteResult,
): void {
  switch (result.result) {
    case 'written': {
      const success = new streams.BatchAppendResp.Success();
      if (result.revision < 0) success.setNoStream(googleEmpty());
      else success.setCurrentRevision(String(result.revision));
      if (result.position === undefined) success.setNoPosition(googleEmpty());
      else {
        const position = String(result.position);
        success.setPosition(
          new shared.AllStreamPosition().setCommitPosition(position).setPreparePosition(position),
        );
      }
      response.setSuccess(success);
      return;
    }
    case 'wrongExpectedVersion': {
      const details = wrongVersion(expected, result.current);
      response.setError(
        errorStatus(Status.ALREADY_EXISTS, 'WrongExpectedVersion', 'WrongExpectedVersion', details),
      );
      return;
    }
    case 'streamDeleted': {
      const details = new shared.StreamDeleted().setStreamIdentifier(identifier);
      response.setError(errorStatus(Status.NOT_FOUND, 'StreamDeleted', 'StreamDeleted', details));
    }
  }
}

function refusedStatus(refusal: GrpcError): status.Status {
  if (refusal.metadata['exception'] === 'maximum-append-size-exceeded') {
    const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_SIZE);
    return errorStatus(refusal.status, refusal.message, 'MaximumAppendSizeExceeded', details);
  }
  return errorStatus(
    refusal.status,
    refusal.message,
    'BadRequest',
    new shared.BadRequest().setMessage(refusal.message),
  );
}

function errorStatus(
  code: Status,
  message: string,
  name: string,
  details: { serializeBinary(): Uint8Array },
): status.Status {
  return new status.Status()
    .setCode(code as never)
    .setMessage(message)
    .setDetails(any(name, details));
}

function setExpected(response: Response, expected: number): void {
  if (expected === EXPECTED.ANY) response.setAny(googleEmpty());
  else if (expected === EXPECTED.NO_STREAM) response.setNoStream(googleEmpty());
  else if (expected === EXPECTED.STREAM_EXISTS) response.setStreamExists(googleEmpty());
  else response.setStreamPosition(BigInt(expected).toString());
}

function wrongVersion(expected: number, current: number): shared.WrongExpectedVersion {
  const wrong = new shared.WrongExpectedVersion();
  if (current < 0) wrong.setCurrentNoStream(googleEmpty());
  else wrong.setCurrentStreamRevision(String(current));
  if (expected === EXPECTED.ANY) return wrong.setExpectedAny(googleEmpty());
  if (expected === EXPECTED.NO_STREAM) return wrong.setExpectedNoStream(googleEmpty());
  if (expected === EXPECTED.STREAM_EXISTS) return wrong.setExpectedStreamExists(googleEmpty());
  return wrong.setExpectedStreamPosition(BigInt(expected).toString());
}
