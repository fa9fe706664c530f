import type { EventStore, StoredEvent } from '#event-sourcing';
import type { Actor } from '#shared-kernel';
import type { Scalar } from '../../report-csv.js';
import type { Edition } from './find-editions.js';
import { isNumeric, shown } from './figures.js';
import type { Cause, Trace } from './trace-figures.js';

interface Moved {
  readonly from: Scalar;
  readonly to: Scalar;
  /** `to` less `from`; absent where one of the figure's values is not a number. */
  readonly change?: number;
}

/** An event that moved a figure, as its stream's history shows it. */
export interface MovingEvent {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly actor?: Actor;
  readonly recordedAt: string;
  readonly reason?: string;
}

/** Why a figure moved. `events`: the first of `count`, all of which stand for the move together. */
export type Because = Moved &
  (
    | { readonly cause: 'time' }
    | { readonly cause: 'event'; readonly events: readonly MovingEvent[]; readonly count: number }
  );

export interface FigureChange {
  readonly section: string;
  readonly key: string;
  readonly measure: string;
  readonly published: Scalar;
  readonly now: Scalar;
  /** The sum of the changes in `because`. */
  readonly change?: number;
  readonly because: readonly Because[];
}

/** What is known otherwise than an edition says, and since which events. */
export interface EditionChanges {
  readonly edition: number;
  readonly year: number;
  readonly since: Edition['asOf'];
  readonly asOf: Edition['asOf'];
  readonly figures: readonly FigureChange[];
}

/** Events named of a group. */
const MOST_NAMED = 10;

/** The figures of a trace that are not as published, each with who moved it and why, as the event store has it. */
export async function figureChanges(
  store: EventStore,
  { published, now, moves }: Trace,
): Promise<FigureChange[]> {
  const named = new Map<Cause, readonly MovingEvent[]>();
  const changes: FigureChange[] = [];
  for (const [name, way] of moves) {
    const whole = { from: published.get(name), to: now.get(name) };
    const numeric = isNumeric(whole) && way.every(isNumeric);
    const { from, to, ...change } = shown(whole, numeric);
    // It moved, and back again, or its row came or went with nothing to count.
    if (from === to) continue;
    const because: Because[] = [];
    for (const { cause, ...move } of way) {
      const count = cause.positions.length;
      if (!named.has(cause)) named.set(cause, await eventsAt(store, cause.positions.slice(0, MOST_NAMED)));
      because.push({
        ...(count === 0 ? { cause: 'time' } : { cause: 'event', events: named.get(cause)!, count }),
        ...shown(move, numeric),
      });
    }
    const [section, key, measure] = JSON.parse(name) as [string, string, string];
    changes.push({ section, key, measure, published: from, now: to, ...change, because });
  }
  return changes;
}

async function eventsAt(store: EventStore, positions: readonly string[]): Promise<MovingEvent[]> {
  const events = await Promise.all(positions.map((position) => store.eventAt(BigInt(position))));
  return events.map(movingEvent);
}

function movingEvent({ position, stream, revision, type, metadata, created }: StoredEvent): MovingEvent {
  const { actor, recordedAt = created.toISOString(), reason } = metadata;
  return {
    position: String(position),
    stream,
    revision: Number(revision),
    type,
    ...(actor === undefined ? {} : { actor }),
    recordedAt,
    ...(reason === undefined ? {} : { reason }),
  };
}
