import assert from 'node:assert/strict';
import type { AllStreamResolvedEvent, Position, ResolvedEvent } from '@eventstore/db-client';
import type { ModelEvent } from './model-event.js';

interface Sighting {
  readonly position: Position;
  readonly id?: string;
  readonly created?: number;
}

/**
 * What only the store can tell of an event: its position, the time, and the id where the server chooses it. Told once it must
 * be the same ever after, and positions have to be in the order of the events.
 */
export class Sightings {
  private readonly seen = new Map<ModelEvent, Sighting>();
  /** Of the newest event whose position is known. */
  private newest = 0n;

  positionOf(event: ModelEvent): Position | undefined {
    return this.seen.get(event)?.position;
  }

  /** The answer to a write: the position of the event it wrote, or wrote long ago; `newest`: none before the last one's. */
  answered(event: ModelEvent | 'newest' | undefined, position: Position | undefined, isNew: boolean): void {
    if (event === undefined) return assert.equal(position, undefined, 'position of what cannot be read');
    assert(position, 'a position is answered');
    assert.equal(position.commit, position.prepare, 'commit and prepare position');
    const fresh = event === 'newest' || isNew;
    if (fresh) {
      const least = event === 'newest' ? this.newest : this.newest + 1n;
      assert(position.commit >= least, `position ${position.commit} is not after ${this.newest}`);
    }
    if (event !== 'newest') this.remember(event, { position });
  }

  /** Events as delivered, against those of the model, one to one. */
  delivered(
    resolved: readonly (ResolvedEvent | AllStreamResolvedEvent)[],
    wanted: readonly ModelEvent[],
  ): void {
    const records = resolved.map(({ event }) => event!);
    assert.deepEqual(
      records.map(({ streamId, revision, type, id, isJson, data }) => ({
        stream: streamId,
        revision: Number(revision),
        type,
        id,
        data: isJson ? data : Buffer.from(data as Uint8Array).toString('hex') || undefined,
      })),
      wanted.map((event, index) => ({
        stream: event.stream,
        revision: event.revision,
        type: event.type,
        id: event.id ?? this.seen.get(event)?.id ?? records[index]?.id,
        data: event.data,
      })),
    );
    for (const [index, { id, position, created }] of records.entries()) {
      this.remember(wanted[index]!, { id, position: position!, created: created.getTime() });
    }
    const ascending = [...wanted].sort((one, other) => one.index - other.index);
    const positions = ascending.map((event) => this.positionOf(event)!.commit);
    const isAscending = positions.every((position, index) => index === 0 || position > positions[index - 1]!);
    assert(isAscending, `positions ${positions.join(', ')} are not in the order of the events`);
  }

  private remember(event: ModelEvent, sighting: Sighting): void {
    const before = this.seen.get(event);
    const now = { ...before, ...sighting };
    assert.deepEqual({ ...now, ...before }, now, 'an event changed');
    this.seen.set(event, now);
    if (sighting.position.commit > this.newest) this.newest = sighting.position.commit;
  }
}
