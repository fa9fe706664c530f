import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Position } from './raw-event.js';

const { Options } = streams.ReadReq;
const { FORWARDS, BACKWARDS } = Options.ReadDirection;

/** What a `Read` call asks for. */
export type ReadRequest = streams.ReadReq;

/** Where in `$all` to begin: 'start', 'end', or at a position, inclusive forwards and exclusive backwards. */
export type AllStart = Position | 'start' | 'end';

export interface Extent {
  readonly direction?: 'forwards' | 'backwards';
  /** Most events to answer. */
  readonly count?: number;
}

/** Events of `$all`, those of the store's own among them. */
export function readAll(from: AllStart, extent: Extent = {}): ReadRequest {
  return read(extent, new Options().setAll(allOptions(from)).setNoFilter(new shared.Empty()));
}

/** Events of a stream, from a revision on. */
export function readStream(stream: string, from: bigint | 'end', extent: Extent = {}): ReadRequest {
  const about = new Options.StreamOptions().setStreamIdentifier(identifier(stream));
  if (from === 'end') about.setEnd(new shared.Empty());
  else about.setRevision(String(from));
  return read(extent, new Options().setStream(about).setNoFilter(new shared.Empty()));
}

/** Events of `$all`, live after the last, of streams with one of the prefixes; a checkpoint each `window` events looked at. */
export function subscribeToAll(from: AllStart, prefixes: readonly string[], window: number): ReadRequest {
  const expression = new Options.FilterOptions.Expression().setPrefixList([...prefixes]);
  const filter = new Options.FilterOptions()
    .setStreamIdentifier(expression)
    .setMax(window)
    .setCheckpointintervalmultiplier(1);
  const options = new Options().setAll(allOptions(from)).setFilter(filter);
  return request(options.setSubscription(new Options.SubscriptionOptions()));
}

export function identifier(stream: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'));
}

function read(
  { direction, count = Number.MAX_SAFE_INTEGER }: Extent,
  options: streams.ReadReq.Options,
): ReadRequest {
  options.setReadDirection(direction === 'backwards' ? BACKWARDS : FORWARDS).setCount(String(count));
  return request(options);
}

function request(options: streams.ReadReq.Options): ReadRequest {
  const ids = new Options.UUIDOption().setString(new shared.Empty());
  return new streams.ReadReq().setOptions(options.setUuidOption(ids));
}

function allOptions(from: AllStart): streams.ReadReq.Options.AllOptions {
  const all = new Options.AllOptions();
  if (from === 'start') return all.setStart(new shared.Empty());
  if (from === 'end') return all.setEnd(new shared.Empty());
  const position = new Options.Position();
  return all.setPosition(position.setCommitPosition(`${from.commit}`).setPreparePosition(`${from.prepare}`));
}
