import pg from 'pg';
import type { EventStore } from '../store/event-store.js';
import { applyBatch, isDataError, PoisonEvent } from './apply-batch.js';
import { takeOver, type Checkpoint } from './checkpoint.js';
import { EventFeed, FeedDropped } from './event-feed.js';
import type { Projection } from './projection.js';

export interface ProjectorOptions {
  readonly databaseUrl: string;
  readonly store: EventStore;
  readonly projection: Projection;
  /** Stream prefixes of every context: the position moves with all their events, so any token can be waited for. */
  readonly prefixes: readonly string[];
  readonly log: ProjectorLog;
  /** Events written in one transaction at the most. */
  readonly batch?: number;
  /** Milliseconds between looks at the store's head for a subscription that died silently. */
  readonly watchdog?: number;
}

export interface ProjectorLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ATTEMPTS = 5;
const LOCK = "pg_advisory_lock(hashtext('projection'), hashtext($1))";

/**
 * Keeps one projection in step with the event store. Any number may run; the one that holds the advisory lock leads. It
 * resumes from the checkpoint after anything: a lost connection, a dropped subscription, a missed checkpoint.
 */
export class Projector {
  private stopped = false;
  private client: pg.Client | undefined;
  private feed: EventFeed | undefined;
  private pause: () => void = () => undefined;
  private release: () => void = () => undefined;
  /** Resolved by `stop`. */
  private readonly stopping = new Promise<void>((resolve) => (this.release = resolve));
  private failures = 0;
  private interruptions = 0;
  private failedUpTo = -1n;

  constructor(private readonly options: ProjectorOptions) {}

  /** Leads, or waits to, until stopped. Where an event cannot be applied the projection is paused, and only waits. */
  async run(): Promise<void> {
    const { log, projection } = this.options;
    while (!this.stopped) {
      try {
        await this.lead();
      } catch (error) {
        if (this.stopped) return;
        if (error instanceof PoisonEvent && this.failures >= ATTEMPTS) {
          await this.giveUp(error);
          return this.stopping;
        }
        log.error(
          { projection: projection.name, err: error },
          'projection interrupted, resuming from its checkpoint',
        );
        await this.rest(Math.min(100 * 2 ** this.interruptions++, 5_000));
      } finally {
        this.feed?.drop('no longer leading');
        await this.client?.end().catch(() => undefined);
      }
    }
  }

  /** Ends after the batch under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.release();
    this.pause();
    this.feed?.drop('stopping');
    if (!this.feed) await this.client?.end().catch(() => undefined);
  }

  private async lead(): Promise<void> {
    const { databaseUrl, projection, log } = this.options;
    const client = (this.client = new pg.Client({
      connectionString: databaseUrl,
      application_name: `projector ${projection.name}`,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    }));
    this.feed = undefined;
    // Without a listener a lost connection would end the process; the next query reports it.
    client.on('error', (error) => this.feed?.drop(error.message));
    await Promise.race([client.connect(), this.stopping]);
    if (this.stopped) return;
    await client.query(`select ${LOCK}`, [projection.name]);
    const stored = await takeOver(client, projection.name, projection.version);
    const checkpoint = stored.version === projection.version ? stored : await this.startOver(client, stored);
    log.info(
      { projection: projection.name, position: String(checkpoint.position), epoch: String(checkpoint.epoch) },
      'leading',
    );
    await this.follow(client, checkpoint);
  }

  private async follow(client: pg.Client, start: Checkpoint): Promise<void> {
    const { store, prefixes, projection, batch = 1_000 } = this.options;
    let checkpoint = start;
    while (!this.stopped) {
      const feed = (this.feed = new EventFeed(store, prefixes, checkpoint.position));
      const watchdog = this.watch(feed);
      try {
        while (!this.stopped) {
          // Where a batch failed go one by one: those before the event that cannot be applied are, and it is found.
          const arrival = await feed.next(checkpoint.position < this.failedUpTo ? 1 : batch);
          try {
            checkpoint = await applyBatch(client, store, projection, checkpoint, arrival);
          } catch (error) {
            if (error instanceof PoisonEvent || isDataError(error)) {
              this.failures++;
              this.failedUpTo = arrival.position;
            }
            throw error;
          }
          this.interruptions = 0;
          if (checkpoint.position >= this.failedUpTo) this.failures = 0;
        }
      } catch (error) {
        if (!(error instanceof FeedDropped) || this.stopped) throw error;
        this.options.log.error(
          { projection: projection.name, err: error },
          'subscription dropped, subscribing anew',
        );
        feed.drop('dropped');
        await this.rest(200);
      } finally {
        clearInterval(watchdog);
      }
    }
  }

  /** Drops a feed that waits, and received nothing from one look to the next, although the head had moved past it. */
  private watch(feed: EventFeed): NodeJS.Timeout {
    const { store, prefixes, watchdog = 5_000 } = this.options;
    let missedAt: bigint | undefined;
    return setInterval(() => {
      void store.head(prefixes, feed.position).then(
        (head) => {
          const isBehind = feed.isWaiting && head !== undefined && head.position > feed.position;
          if (isBehind && missedAt === feed.position)
            feed.drop('the subscription went silent while the store moved on');
          missedAt = isBehind ? feed.position : undefined;
        },
        () => undefined,
      );
    }, watchdog).unref();
  }

  /** Empties the tables of an older version of the projection, to be filled from the first event. */
  private async startOver(client: pg.Client, { epoch }: Checkpoint): Promise<Checkpoint> {
    const { name, version, tables } = this.options.projection;
    await client.query('begin');
    await client.query(
      `truncate ${[...tables.map((table) => table.name), 'timeline'].map((table) => `${name}.${table}`).join(', ')}`,
    );
    await client.query(
      'update public.projection set version = $2, position = -1, events = 0, recorded_at = null where name = $1 and epoch = $3',
      [name, version, String(epoch)],
    );
    await client.query('commit');
    return { position: -1n, epoch, recordedAt: 0 };
  }

  private async giveUp(poison: PoisonEvent): Promise<void> {
    const { databaseUrl, projection, log } = this.options;
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query("update public.projection set state = 'paused', error = $2 where name = $1", [
      projection.name,
      JSON.stringify(poison.describe()),
    ]);
    await client.end();
    log.error(
      { projection: projection.name, ...poison.describe() },
      'projection paused: an event cannot be applied',
    );
  }

  private rest(milliseconds: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.pause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
