import type { Direction } from '../storage/reader.js';
import { compileFilter, type Filter } from '../subscriptions/filter.js';
import { badRequest } from './errors.js';
import { streams } from './protocol.js';
import { streamNameOf } from './requests.js';

/** Where to begin: a revision of a stream or a position of `$all`. */
export type Start = 'start' | 'end' | number;

export interface ReadRequest {
  /** Undefined: `$all`. */
  readonly stream?: string;
  readonly start: Start;
  readonly direction: Direction;
  /** Most events to answer; undefined: a subscription. */
  readonly count?: number;
  readonly filter?: Filter;
  readonly structuredIds: boolean;
  /** From 1 on the client understands the stream's first and last position. */
  readonly compatibility: number;
}

/** @throws GrpcError INVALID_ARGUMENT */
export function parseReadRequest(payload: Buffer): ReadRequest {
  const options = streams.ReadReq.deserializeBinary(payload).getOptions();
  if (!options) throw badRequest('options are missing');
  const uuids = options.getUuidOption();
  if (!uuids?.hasString() && !uuids?.hasStructured()) throw badRequest('uuid_option is missing');
  const direction = options.getReadDirection() === 1 ? 'backwards' : 'forwards';
  if (!options.hasSubscription() && !options.hasCount())
    throw badRequest('a count or a subscription is required');
  if (options.hasSubscription() && direction === 'backwards') throw badRequest('subscriptions go forwards');
  const filter = options.hasFilter() ? filterOf(options.getFilter()!) : undefined;
  const common = {
    direction,
    count: options.hasSubscription() ? undefined : Number(options.getCount()),
    structuredIds: uuids.hasStructured(),
    compatibility: options.getControlOption()?.getCompatibility() ?? 0,
  } as const;
  if (options.hasAll()) return { ...common, filter, start: positionOf(options.getAll()!) };
  const stream = options.getStream();
  if (!stream) throw badRequest('a stream or $all is required');
  if (filter) throw badRequest('only $all can be filtered');
  const start = stream.hasStart() ? 'start' : stream.hasEnd() ? 'end' : Number(stream.getRevision());
  return { ...common, stream: streamNameOf(stream.getStreamIdentifier()), start };
}

function positionOf(options: streams.ReadReq.Options.AllOptions): Start {
  if (options.hasStart()) return 'start';
  if (options.hasEnd()) return 'end';
  const [commit, prepare] = [
    BigInt(options.getPosition()?.getCommitPosition() ?? 0),
    BigInt(options.getPosition()?.getPreparePosition() ?? 0),
  ];
  if (commit < prepare) throw badRequest('the commit position is below the prepare position');
  return Number(commit);
}

/** Search window when the client leaves it to the server. */
const WINDOW = 32;

function filterOf(options: streams.ReadReq.Options.FilterOptions): Filter {
  const expression = options.getStreamIdentifier() ?? options.getEventType();
  if (!expression) throw badRequest('a filter needs an expression');
  const multiplier = options.getCheckpointintervalmultiplier();
  const window = options.hasMax() ? options.getMax() : WINDOW;
  if (multiplier < 1 || window < 1)
    throw badRequest('checkpoint interval and search window must be positive');
  try {
    return compileFilter({
      on: options.hasStreamIdentifier() ? 'streamName' : 'eventType',
      regex: expression.getRegex(),
      prefixes: expression.getPrefixList(),
      checkpointInterval: multiplier * window,
    });
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}
