import type { EventLog } from '../storage/log.js';
import { followAll } from '../subscriptions/follow-all.js';
import { followStream, StreamTombstoned } from '../subscriptions/follow-stream.js';
import { onlyMessage } from './append.js';
import { streamDeleted } from './errors.js';
import { EventSink } from './event-sink.js';
import type { Method } from './grpc-server.js';
import { shared, streams } from './protocol.js';
import { parseReadRequest, type ReadRequest } from './read-request.js';

/** Streams.Read: a stream or `$all`, once or as a subscription. */
export function readMethod(log: EventLog, newId: () => string): Method {
  return async (call) => {
    const request = parseReadRequest(await onlyMessage(call));
    const sink = new EventSink(call, request.structuredIds);
    try {
      if (request.count === undefined) await subscribe(log, sink, request, newId());
      else if (request.stream === undefined) await readAll(log, sink, request, request.count);
      else await readStream(log, sink, request, request.stream, request.count);
    } catch (error) {
      throw error instanceof StreamTombstoned ? streamDeleted(request.stream!) : error;
    }
    await sink.flush();
  };
}

async function readAll(log: EventLog, sink: EventSink, request: ReadRequest, count: number): Promise<void> {
  const { direction, start, filter } = request;
  // Forwards includes the position asked for, backwards does not.
  const position =
    start === 'start' ? 0 : start === 'end' ? Infinity : direction === 'forwards' ? start - 1 : start;
  let left = count;
  for await (const page of log.all(direction, position, filter ? Infinity : count)) {
    for (const event of page) {
      if (filter && !filter.matches(event)) continue;
      if (left-- <= 0) return;
      await sink.event(event);
    }
    if (left <= 0) return;
    sink.signal.throwIfAborted();
  }
}

async function readStream(
  log: EventLog,
  sink: EventSink,
  { direction, start, compatibility }: ReadRequest,
  stream: string,
  count: number,
): Promise<void> {
  const visible = await log.visible(stream);
  if (visible.state === 'tombstoned') throw streamDeleted(stream);
  if (visible.state === 'missing') return sink.message(notFound(stream));
  if (compatibility >= 1)
    await sink.message(new streams.ReadResp().setFirstStreamPosition(String(visible.first)));
  const revision = start === 'start' ? 0 : start === 'end' ? Infinity : start;
  for await (const page of log.stream(stream, direction, revision, visible, count)) {
    for (const event of page) await sink.event(event);
    sink.signal.throwIfAborted();
  }
  if (compatibility >= 1)
    await sink.message(new streams.ReadResp().setLastStreamPosition(String(visible.last)));
}

async function subscribe(log: EventLog, sink: EventSink, request: ReadRequest, id: string): Promise<void> {
  const { stream, start, filter } = request;
  // "From the end" means from now, whatever happens before the client knows.
  const head = log.tail.head;
  const visible = stream === undefined ? undefined : await log.visible(stream);
  if (visible?.state === 'tombstoned') throw new StreamTombstoned();
  const confirmation = new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id);
  await sink.message(new streams.ReadResp().setConfirmation(confirmation));
  if (stream === undefined) {
    await followAll(log, sink, start === 'start' ? 0 : start === 'end' ? head : start, filter);
  } else {
    const next = start === 'start' ? 0 : (start === 'end' ? visible!.last : start) + 1;
    await followStream(log, sink, stream, next);
  }
  await sink.flush();
  sink.signal.throwIfAborted();
}

function notFound(stream: string): streams.ReadResp {
  const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
  return new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier),
  );
}
