import { Client } from '#pg-client';
import type pg from 'pg';
import type { Clock } from '#shared-kernel';
import { applyBatch, isDataError } from './apply-batch.js';
import {
  CheckpointMissed,
  CONTROL_CHANNEL,
  introduce,
  pauseAt,
  readStanding,
  startOver,
  takeOver,
  type Standing,
} from './checkpoint.js';
import type { DecodedEvents } from './decoded-events.js';
import { FeedDropped } from './event-feed.js';
import type { EventHub, SharedFeed } from './event-hub.js';
import { beat, endSilentLeader, HEARTBEAT, leadNoMore, tryToLead } from './leadership.js';
import { PoisonEvent } from './pausing-event.js';
import type { Projection } from './projection.js';
import { tablesOf, type Summary } from './summary.js';

export interface ProjectorOptions {
  readonly databaseUrl: string;
  readonly projection: Projection;
  /** Of this projection: they are emptied with it. */
  readonly summaries: readonly Summary[];
  readonly hub: EventHub;
  readonly decoded: DecodedEvents;
  readonly log: ProjectorLog;
  readonly clock: Clock;
  /** Its checkpoint is there already, and may be gone one day: so with a generation that does not serve. */
  readonly isGiven?: boolean;
  /** Events written in one transaction at the most. */
  readonly batch?: number;
  /** Milliseconds before an event that could not be applied is tried again; twice as long each time. */
  readonly retryDelay?: number;
}

export interface ProjectorLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** How often an event that could not be applied is tried again before the projection is paused. */
const RETRIES = 5;

/**
 * Milliseconds from the beginning of a batch of few events to that of the next: what comes meanwhile is written together. A
 * transaction costs the same for one as for a dozen, and every projection writes one for all that comes.
 */
const APART = 50;

/**
 * Keeps one projection in step with the event store. Any number may run; the one that holds the advisory lock leads. It
 * resumes from the checkpoint after anything: a lost connection, a dropped subscription, a missed checkpoint. An event that
 * cannot be applied pauses the projection, until somebody resumes it or skips the event.
 */
export class Projector {
  private stopped = false;
  private client: pg.Client | undefined;
  private feed: SharedFeed | undefined;
  /** Ends the rest or the wait under way. */
  private wake: () => void = () => undefined;
  private release: () => void = () => undefined;
  /** Resolved by `stop`. */
  private readonly stopping = new Promise<void>((resolve) => (this.release = resolve));
  /** Somebody has paused, resumed or skipped since the standing was read. */
  private isTold = false;
  private failures = 0;
  private failedUpTo = -1n;
  private interruptions = 0;

  constructor(private readonly options: ProjectorOptions) {}

  /** Leads, or waits to, until stopped. */
  async run(): Promise<void> {
    const { log, projection } = this.options;
    while (!this.stopped) {
      try {
        await this.connected((client) => this.lead(client));
      } catch (error) {
        if (this.stopped) return;
        const fields = { projection: projection.name, err: error };
        if (error instanceof CheckpointMissed) log.info(fields, 'leads no more, looking anew');
        else if (isEnded(error))
          log.info({ projection: projection.name }, 'its connection was ended, looking anew');
        else log.error(fields, 'projection interrupted, resuming from its checkpoint');
        await this.rest(Math.min(100 * 2 ** this.interruptions++, 5_000));
      }
    }
  }

  /** Ends after the batch under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.release();
    this.wake();
    this.feed?.drop('stopping');
    if (!this.feed) await this.client?.end().catch(() => undefined);
  }

  private async connected(work: (client: pg.Client) => Promise<void>): Promise<void> {
    const { databaseUrl, projection } = this.options;
    const client = (this.client = new Client({
      connectionString: databaseUrl,
      application_name: `projector ${projection.name}`,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    }));
    // Without a listener a lost connection would end the process; the next query reports it.
    client.on('error', (error) => this.tell(error.message));
    client.on('notification', ({ payload }) => {
      if (payload === projection.name) this.tell('somebody has paused, resumed or skipped');
    });
    let signs: NodeJS.Timeout | undefined;
    try {
      await Promise.race([client.connect(), this.stopping]);
      if (this.stopped) return;
      signs = beat(client);
      await work(client);
    } finally {
      clearInterval(signs);
      this.feed = undefined;
      await client.end().catch(() => undefined);
    }
  }

  private async lead(client: pg.Client): Promise<void> {
    const { projection, summaries, log, clock, isGiven = false } = this.options;
    const { name, version } = projection;
    while (!(await tryToLead(client, name))) {
      if (!(await endSilentLeader(client, name))) await this.rest(HEARTBEAT);
      if (this.stopped) return;
    }
    await client.query(`listen ${CONTROL_CHANNEL}`);
    if (!isGiven) await introduce(client, name, version);
    const epoch = await takeOver(client, name, version);
    log.info({ projection: name, epoch: String(epoch) }, 'leading');
    while (!this.stopped) {
      this.isTold = false;
      const standing = await readStanding(client, name, epoch);
      if (standing.state === 'paused') {
        this.failures = 0;
        await this.told();
      } else if (standing.version !== version && standing.position < 0n) {
        await startOver(client, projection, tablesOf(projection, summaries), standing, clock.now());
      } else if (standing.version !== version) {
        log.info(
          { projection: name },
          'the rows of an older version serve until there are those of this one',
        );
        await leadNoMore(client, name);
        await this.told();
        return;
      } else {
        await this.follow(client, standing);
      }
    }
  }

  /** Applies what comes until it has to look again where the projection stands. */
  private async follow(client: pg.Client, standing: Standing): Promise<void> {
    const { hub, decoded, projection, batch = 1_000 } = this.options;
    const feed = (this.feed = hub.open(standing.position));
    let reached = standing;
    try {
      while (!this.stopped) {
        const began = performance.now();
        // Where a batch failed go one by one: those before the event that cannot be applied are, and it is found.
        const most = reached.position < this.failedUpTo ? 1 : batch;
        const arrival = await feed.next(most);
        try {
          reached = await applyBatch(client, decoded, projection, reached, arrival);
        } catch (error) {
          decoded.forget(arrival.events);
          feed.drop('a batch failed');
          // Of a leader that is none any more, the rows may be gone, or another generation's.
          await readStanding(client, projection.name, reached.epoch).catch((missed: unknown) => {
            throw missed instanceof CheckpointMissed ? missed : error;
          });
          if (!isPoison(error)) throw error;
          this.failedUpTo = arrival.position;
          await this.failed(client, reached, error);
          return;
        }
        this.interruptions = 0;
        if (reached.position >= this.failedUpTo) this.failures = 0;
        // Not where there is much to do, nor the first that comes after a while.
        const isFew = arrival.events.length < most / 10;
        if (isFew) await this.rest(APART - (performance.now() - began));
      }
    } catch (error) {
      if (error instanceof CheckpointMissed) return;
      if (!(error instanceof FeedDropped)) throw error;
      if (this.stopped || this.isTold) return;
      const { log } = this.options;
      log.error({ projection: projection.name, err: error }, 'subscription dropped, subscribing anew');
      await this.rest(200);
    } finally {
      feed.drop('no longer followed');
    }
  }

  /** A batch that holds an event which cannot be applied: tried again, then the projection is paused. */
  private async failed(client: pg.Client, { position, epoch }: Standing, error: Error): Promise<void> {
    const { projection, log, clock, retryDelay = 100 } = this.options;
    // What the errors themselves hold may quote the event.
    const fields =
      error instanceof PoisonEvent ? error.describe() : { code: (error as { code?: string }).code };
    if (++this.failures <= RETRIES || !(error instanceof PoisonEvent)) {
      log.error({ projection: projection.name, ...fields }, 'an event cannot be applied, trying again');
      await this.rest(Math.min(retryDelay * 2 ** (this.failures - 1), 5_000));
      return;
    }
    const event = error.describe();
    const isPaused = await pauseAt(client, projection.name, { position, epoch }, event, clock.now());
    if (isPaused)
      log.error({ projection: projection.name, ...event }, 'projection paused: an event cannot be applied');
  }

  /** Has the standing read again, or the connection found lost. */
  private tell(reason: string): void {
    this.isTold = true;
    this.feed?.drop(reason);
    this.wake();
  }

  private async told(): Promise<void> {
    if (!this.isTold && !this.stopped) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  private async rest(milliseconds: number): Promise<void> {
    if (this.stopped || milliseconds <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** By another process: it was silent for too long, its generation is dropped, or PostgreSQL stops. */
const isEnded = (error: unknown) => (error as { code?: string }).code === '57P01';
const isPoison = (error: unknown): error is Error => error instanceof PoisonEvent || isDataError(error);
