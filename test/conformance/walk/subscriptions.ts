import assert from 'node:assert/strict';
import {
  END,
  eventTypeFilter,
  excludeSystemEvents,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type Filter,
  type ResolvedEvent,
  type StreamSubscription,
} from '@eventstore/db-client';
import type { Ground } from './ground.js';
import { metastreamOf } from './model-metadata.js';
import { TOMBSTONE, type Followed, type From, type ModelEvent } from './model-event.js';
import type { Reads } from './reads.js';
import { refusalOf, refusalOfRead } from './refusals.js';

type Matches = (event: ModelEvent) => boolean;

/** Open at a time. */
const MOST = 6;
/** For what has been written already and only has to arrive; milliseconds. */
const PATIENCE = 10_000;

/** A subscription that is open on both sides. */
class Follower {
  private readonly received: (ResolvedEvent | AllStreamResolvedEvent)[] = [];
  private compared = 0;
  private isCaughtUp = false;
  private failure: unknown;
  private wake = () => {};

  constructor(
    readonly stream: string,
    readonly what: string,
    readonly followed: Followed,
    private readonly subscription: StreamSubscription | AllStreamSubscription,
    private readonly ground: Ground,
  ) {
    const on = (name: string, listener: (value: never) => void) =>
      (subscription as StreamSubscription).on(
        name as 'caughtUp',
        ((value: never) => {
          listener(value);
          this.wake();
        }) as () => void,
      );
    on('data', (resolved: ResolvedEvent) => {
      if (!ground.shared || ground.isOwn(resolved.event!.streamId)) this.received.push(resolved);
    });
    on('caughtUp', () => (this.isCaughtUp = true));
    on('error', (error: Error) => (this.failure = error));
  }

  /** From then on the model's events come as they are written. */
  caughtUp(): Promise<void> {
    return this.until(() => this.isCaughtUp, 'catching up');
  }

  /** Waits for all that the model has delivered, and compares what is new. */
  async compare(): Promise<void> {
    const { events, refused } = this.followed;
    await this.until(
      () => this.received.length >= events.length && (!refused || this.failure !== undefined),
      `${events.length} events${refused ? ` and ${refused.refused}` : ''}`,
    );
    this.ground.sightings.delivered(this.received.slice(this.compared), events.slice(this.compared));
    this.compared = events.length;
    if (refused) assert.deepEqual(refusalOf(this.failure), refusalOfRead(refused));
    else if (this.failure !== undefined) throw this.failure;
  }

  async close(): Promise<void> {
    this.ground.model.unfollow(this.followed);
    await this.subscription.unsubscribe();
  }

  private async until(reached: () => boolean, what: string): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.wake();
    }, PATIENCE);
    while (!reached() && !isLate && this.failure === undefined) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    clearTimeout(timer);
    assert(!isLate, `waited in vain for ${what}; ${this.received.length} events came`);
  }
}

/** Subscriptions to streams and to `$all`, drained at once or left open across what follows. */
export class Subscriptions {
  private readonly open: Follower[] = [];

  constructor(
    private readonly ground: Ground,
    private readonly reads: Reads,
  ) {}

  async toStream(): Promise<void> {
    const { client, random, model } = this.ground;
    const original = this.ground.stream();
    const stream = random.chance(15) ? metastreamOf(original) : original;
    const last = model.last(stream) === TOMBSTONE ? 5 : model.last(stream);
    const after = random.of<From>([START, END, random.below(last + 4), random.below(last + 4)]);
    const fromRevision = typeof after === 'number' ? BigInt(after) : after;
    await this.follow(stream, `subscription after ${after}`, model.followStream(stream, after), () =>
      client.subscribeToStream(stream, { fromRevision }),
    );
  }

  async toAll(): Promise<void> {
    const { client, random, model, sightings, shared, base } = this.ground;
    const [described, matches, filter] = this.filter();
    const known = this.reads.knownEvent();
    // From the start only while that is not far.
    const start: From = model.all.length < 1_000 ? START : END;
    const after = random.of<From>(known ? [known.index, known.index, start, END] : [start, END]);
    const position = typeof after === 'number' ? sightings.positionOf(model.all[after]!)! : after;
    const fromPosition = position === START && shared ? { commit: base, prepare: base } : position;
    const followed = model.followAll(after, matches);
    await this.follow('$all', `subscription after ${after}, ${described}`, followed, () =>
      client.subscribeToAll({ fromPosition, filter }),
    );
  }

  /** Looks at one that was opened before. */
  async check(): Promise<void> {
    const { random } = this.ground;
    if (this.open.length === 0) return;
    const follower = random.of(this.open);
    this.ground.tell(follower.stream, `check of the ${follower.what}`);
    await follower.compare();
    if (follower.followed.refused || random.chance(30)) await this.close(follower);
  }

  async checkAll(): Promise<void> {
    for (const follower of [...this.open]) {
      this.ground.tell(follower.stream, `last check of the ${follower.what}`);
      await follower.compare();
      await this.close(follower);
    }
  }

  private async follow(
    stream: string,
    what: string,
    followed: Followed,
    subscribe: () => StreamSubscription | AllStreamSubscription,
  ): Promise<void> {
    if (this.open.length === MOST) await this.checkAll();
    this.ground.tell(stream, what);
    const follower = new Follower(stream, what, followed, subscribe(), this.ground);
    this.open.push(follower);
    await follower.caughtUp();
    await follower.compare();
    if (followed.refused || this.ground.random.chance(40)) await this.close(follower);
  }

  private async close(follower: Follower): Promise<void> {
    this.open.splice(this.open.indexOf(follower), 1);
    await follower.close();
  }

  private filter(): [string, Matches, Filter?] {
    const { random, run } = this.ground;
    const one = this.ground.stream();
    const prefixes = random.of([[`walk${run}.first`], [one, `$$${one}`], [`$$walk${run}`], [`walk${run}`]]);
    const regex = random.of([`^walk${run}\\.(first|second)-\\d*[02468]$`, `${run}\\.second`]);
    const types = random.of([['opened'], ['opened', 'clo'], ['$']]);
    const type = random.of([`^(opened|changed)-${run}$`, '^\\$metadata$', 'd-']);
    const maxSearchWindow = random.of([undefined, 1, 10]);
    const checkpointInterval = 1 + random.below(3);
    const options = { maxSearchWindow, checkpointInterval };
    return random.of<[string, Matches, Filter?]>([
      ['unfiltered', () => true],
      ['without system events', ({ type }) => /^[^$].*/.test(type), excludeSystemEvents(options)],
      [
        `streams ${prefixes}`,
        ({ stream }) => prefixes.some((prefix) => stream.startsWith(prefix)),
        streamNameFilter({ prefixes, ...options }),
      ],
      [
        `streams /${regex}/`,
        ({ stream }) => new RegExp(regex).test(stream),
        streamNameFilter({ regex, ...options }),
      ],
      [
        `types ${types}`,
        (event) => types.some((prefix) => event.type.startsWith(prefix)),
        eventTypeFilter({ prefixes: types, ...options }),
      ],
      [
        `types /${type}/`,
        (event) => new RegExp(type).test(event.type),
        eventTypeFilter({ regex: type, ...options }),
      ],
    ]);
  }
}
