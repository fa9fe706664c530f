import type { EventStore, StoredEvent } from '#event-sourcing';
import { inOrder } from './in-order.js';
import { MOST_BETWEEN, type Place } from './places.js';

/** Places near each other, read in one call that takes in what lies between. */
interface Run {
  readonly places: Place[];
  /** Events from the first place to the last. */
  length: number;
}

/** Places in one call at the most. In memory are at most the events of AHEAD calls, and an event has a megabyte at most. */
const MOST_PLACES = 128;
/** Events that one call goes through at the most; those between the places are passed over as they come. */
const LONGEST = 512;
const AHEAD = 3;

/**
 * The events at these places, in their order, from the event store itself; undefined where the store has none any more (its stream
 * was deleted or truncated there).
 * @param stream whose events all of them are; absent: they are of any, and read from `$all`
 * @throws StoreUnavailable
 */
export async function* readPlaces(
  store: EventStore,
  places: readonly Place[],
  stream?: string,
): AsyncGenerator<readonly [Place, StoredEvent | undefined]> {
  const read = ({ places, length }: Run) => {
    const [first] = places;
    if (stream !== undefined) return store.streamFrom(stream, BigInt(first!.revision), length);
    const wanted = new Set(places.map(({ position }) => BigInt(position)));
    return store.allFrom(BigInt(first!.position), length, wanted);
  };
  const events = async (run: Run) => found(store, run, await read(run));
  for await (const some of inOrder(runsOf(places), AHEAD, events)) yield* some;
}

function runsOf(places: readonly Place[]): Run[] {
  const runs: Run[] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const step = place.between + 1;
    // A place that is not after the one before, in an index that was tampered with, begins a run.
    const fits = run && run.places.length < MOST_PLACES && run.length + step <= LONGEST;
    if (fits && step > 0 && place.between <= MOST_BETWEEN) {
      run.places.push(place);
      run.length += step;
    } else {
      runs.push({ places: [place], length: 1 });
    }
  }
  return runs;
}

function found(
  store: EventStore,
  { places }: Run,
  events: readonly StoredEvent[],
): Promise<(readonly [Place, StoredEvent | undefined])[]> {
  const at = new Map(events.map((event) => [String(event.position), event]));
  // By itself is read what the store's own events, of which the index knows nothing, have pushed out of the run, and what is in
  // `$all` still although its stream was deleted.
  return Promise.all(
    places.map(async (place) => {
      const position = BigInt(place.position);
      const event = at.get(place.position) ?? (await store.allFrom(position, 1))[0];
      return [place, event?.id === place.id && event.position === position ? event : undefined] as const;
    }),
  );
}
