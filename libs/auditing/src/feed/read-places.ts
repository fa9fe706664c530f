import type { EventStore, StoredEvent } from '#event-sourcing';
import { inOrder } from './in-order.js';
import { MOST_BETWEEN, type Place } from './places.js';

/** Places near each other, read in one call that takes in what lies between. */
interface Run {
  readonly places: Place[];
  /** Events of `$all` from the first place to the last. */
  length: number;
}

/** Events read in one call at the most. A page in memory is at most AHEAD of these, and an event has a megabyte at most. */
const LONGEST = 32;
const AHEAD = 6;

/**
 * The events at these places, in their order, from the event store itself; undefined where the store has none any more (its stream
 * was deleted or truncated there).
 * @throws StoreUnavailable
 */
export async function* readPlaces(
  store: EventStore,
  places: readonly Place[],
): AsyncGenerator<readonly [Place, StoredEvent | undefined]> {
  for await (const read of inOrder(runsOf(places), AHEAD, (run) => readRun(store, run))) yield* read;
}

function runsOf(places: readonly Place[]): Run[] {
  const runs: Run[] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const step = place.between + 1;
    if (run && place.between <= MOST_BETWEEN && run.length + step <= LONGEST) {
      run.places.push(place);
      run.length += step;
    } else {
      runs.push({ places: [place], length: 1 });
    }
  }
  return runs;
}

async function readRun(
  store: EventStore,
  { places, length }: Run,
): Promise<(readonly [Place, StoredEvent | undefined])[]> {
  const events = await store.allFrom(BigInt(places[0]!.position), length);
  const found = new Map(events.map((event) => [String(event.position), event]));
  // What the store's own events, of which the index knows nothing, have pushed out of the run is read by itself.
  return Promise.all(
    places.map(async (place) => {
      const position = BigInt(place.position);
      const event = found.get(place.position) ?? (await store.allFrom(position, 1))[0];
      return [place, event?.id === place.id && event.position === position ? event : undefined] as const;
    }),
  );
}
