import { randomUUID } from 'node:crypto';
import { END, BACKWARDS, type AllStreamResolvedEvent, type EventStoreDBClient } from '@eventstore/db-client';
import { gather } from '../open-store.js';
import { Model } from './model.js';
import { originalOf } from './model-metadata.js';
import type { Random } from './random.js';
import { Sightings } from './sightings.js';

/** Few, so that each is met in many states. */
const STREAMS = 10;
const TOLD = 8;

/** What the operations of a walk share: the store, the model beside it, the streams, and a journal of what was done. */
export class Ground {
  readonly run = randomUUID().slice(0, 8);
  readonly model = new Model();
  readonly sightings = new Sightings();
  /** Position before the walk's first event; only others' events lie before it. */
  base = 0n;
  /** Of all streams there were. */
  readonly names: string[] = [];
  private readonly inUse: string[];
  private readonly journal: { stream: string; text: string }[] = [];

  /** `shared`: others may write into the store, too. */
  constructor(
    readonly client: EventStoreDBClient,
    readonly random: Random,
    readonly shared: boolean,
  ) {
    this.inUse = Array.from({ length: STREAMS }, () => this.newName());
  }

  async begin(): Promise<void> {
    if (!this.shared) return;
    const newest = this.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
    const [last] = await gather<AllStreamResolvedEvent>(newest);
    this.base = last?.event?.position?.commit ?? 0n;
  }

  /** One in use. One that has ended is met for a while before another takes its place. */
  stream(): string {
    const place = this.random.below(STREAMS);
    const isOver = this.random.chance(this.model.isTombstoned(this.inUse[place]!) ? 10 : 1);
    if (isOver) this.inUse[place] = this.newName();
    return this.inUse[place]!;
  }

  get streams(): readonly string[] {
    return this.inUse;
  }

  isOwn(stream: string): boolean {
    return stream.includes(this.run);
  }

  /** What is about to be done to a stream, or to `$all`. */
  tell(stream: string, text: string): void {
    this.journal.push({ stream: originalOf(stream) ?? stream, text: `${stream}: ${text}` });
  }

  /** The last operation, and the ones before it on the same stream. */
  lately(): string {
    const last = this.journal.at(-1);
    const same = this.journal.filter(({ stream }) => last!.stream === '$all' || stream === last!.stream);
    return same
      .slice(-TOLD)
      .map(({ text }) => `  ${text}`)
      .join('\n');
  }

  private newName(): string {
    // Two kinds, for filters by prefix.
    const name = `walk${this.run}.${this.random.of(['first', 'second'])}-${this.names.length}`;
    this.names.push(name);
    return name;
  }
}
