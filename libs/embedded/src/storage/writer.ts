import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { EXPECTED, type KnownEvent, type StreamHead } from './decide-write.js';
import { DatabaseInUseError, StorageUnavailable, unavailable, WriteExpired } from './errors.js';
import type { StoredEvent } from './event.js';
import { insertRows } from './insert-rows.js';
import { loadHeads, loadKnownEvents, type Range } from './known-streams.js';
import { LruCache } from './lru-cache.js';
import { BatchPlan, headOf, type WriteRequest, type WriteResult } from './plan-batch.js';
import { originalOf } from './stream-metadata.js';
import { openSession } from './writer-session.js';

export interface WriterOptions {
  readonly databaseUrl: string;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly log: (line: string) => void;
  /** Events just committed, in order. */
  readonly onCommitted: (events: readonly StoredEvent[]) => void;
  /** A session began: everything up to `position` is stored, possibly more than was ever told. */
  readonly onSession: (position: number) => void;
}

interface Waiting {
  readonly request: WriteRequest;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  resolve(result: WriteResult): void;
  reject(error: Error): void;
}

const MOST_WRITES = 1_000;
const MOST_BYTES = 8 * 1024 * 1024;
const RETRY = 250;
/** A killed node's lock goes when PostgreSQL has finished what it was told last. */
const LOCK_PATIENCE = 3_000;
/** How long a stopping node waits for what it began; a database that hangs does not hold it up. */
const STOP_PATIENCE = 3_000;
const HEADS = 50_000;
const RECENT_IDS = 50_000;

/**
 * The one writer. It takes all writes that wait, decides each, stores them in one statement and so with one flush to disk,
 * and only then answers. What a lost connection left undecided is settled by reading the table anew.
 */
export class Writer {
  private readonly heads = new LruCache<string, StreamHead>(HEADS);
  private readonly recent = new LruCache<string, KnownEvent>(RECENT_IDS);
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private stopped = false;
  private session: pg.Client | undefined;
  private position = 0;
  private retry: NodeJS.Timeout | undefined;

  constructor(private readonly options: WriterOptions) {}

  /** @throws StorageUnavailable, DatabaseInUseError */
  async start(): Promise<void> {
    for (const giveUp = Date.now() + LOCK_PATIENCE; !this.session;) {
      try {
        this.session = await this.connect();
      } catch (error) {
        if (!(error instanceof DatabaseInUseError) || Date.now() > giveUp) throw error;
        await pause(50);
      }
    }
  }

  /**
   * Decides and stores; resolves once it is on disk.
   * @throws StorageUnavailable, WriteExpired
   */
  write(request: WriteRequest, bytes: number, expiresAt: number): Promise<WriteResult> {
    if (this.stopped) return Promise.reject(new StorageUnavailable('the node is stopping'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, bytes, expiresAt, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Nobody else writes. */
  get hasSession(): boolean {
    return this.session !== undefined;
  }

  /** Head of a stream written lately. */
  knownHead(stream: string): StreamHead | undefined {
    return this.heads.get(stream);
  }

  /** Refuses new writes; those begun are finished. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    const finished = async () => {
      await this.running;
      await this.session?.end().catch(() => undefined);
    };
    await Promise.race([finished(), pause(STOP_PATIENCE, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    // All that arrive in this turn of the loop share the first flush.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const batch = this.take();
      try {
        this.session ??= await this.connect();
        const results = await this.store(this.session, batch);
        batch.forEach((write, index) => write.resolve(results[index]!));
      } catch (error) {
        const failure = unavailable(error);
        this.lose(failure);
        for (const write of batch) write.reject(failure);
      }
    }
    this.running = undefined;
  }

  private take(): Waiting[] {
    let [bytes, count] = [0, 0];
    for (const write of this.waiting) {
      bytes += write.bytes;
      if (count > 0 && (count === MOST_WRITES || bytes > MOST_BYTES)) break;
      count++;
    }
    const now = Date.now();
    const taken = this.waiting.splice(0, count);
    return taken.filter((write) => {
      if (write.expiresAt > now) return true;
      write.reject(new WriteExpired('the write waited longer than its deadline'));
      return false;
    });
  }

  private async store(client: pg.Client, batch: readonly Waiting[]): Promise<WriteResult[]> {
    const requests = batch.map(({ request }) => request);
    const heads = await this.headsOf(client, requests);
    const ranges = requests.flatMap((request) => repeatedRange(request, headOf(heads, request.stream)));
    const known = ranges.length > 0 ? await loadKnownEvents(client, ranges) : [];
    const plan = new BatchPlan(heads, known, (id) => this.recent.get(id), {
      position: this.position,
      created: this.options.clock().getTime() * 1_000,
      newId: this.options.newId,
    });
    for (const request of requests) plan.add(request);
    const { rows } = plan;
    if (rows.length > 0) {
      await insertRows(client, rows);
      this.position = rows.at(-1)!.position;
      // Whoever wrote an id first keeps it, as on the real server.
      for (const { id, stream, revision, position } of rows)
        if (!this.recent.get(id)) this.recent.set(id, { id, stream, revision, position });
    }
    for (const [stream, head] of plan.heads) this.heads.set(stream, head);
    if (rows.length > 0) this.options.onCommitted(rows);
    return plan.results;
  }

  private async headsOf(
    client: pg.Client,
    requests: readonly WriteRequest[],
  ): Promise<Map<string, StreamHead>> {
    const heads = new Map<string, StreamHead>();
    const missing = new Set<string>();
    for (const { stream } of requests) {
      const name = originalOf(stream) ?? stream;
      const head = this.heads.get(name);
      if (head) heads.set(name, head);
      else missing.add(name);
    }
    if (missing.size === 0) return heads;
    return new Map([...heads, ...(await loadHeads(client, [...missing]))]);
  }

  private async connect(): Promise<pg.Client> {
    const { client, position } = await openSession(this.options.databaseUrl, (lost, error) => {
      if (this.session === lost) this.lose(error);
    });
    this.position = position;
    this.heads.clear();
    this.options.log(`event store: writes after position ${position}`);
    this.options.onSession(position);
    return client;
  }

  /** Forgets what the session knew, and tries for a new one until it is there. */
  private lose(error: Error): void {
    if (this.stopped) return;
    const lost = this.session;
    if (lost) this.options.log(`event store: ${error.message}`);
    this.session = undefined;
    this.heads.clear();
    if (lost) void lost.end().catch(() => undefined);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      if (!this.session && !this.stopped) this.running ??= this.reconnect();
    }, RETRY).unref();
  }

  private async reconnect(): Promise<void> {
    try {
      this.session = await this.connect();
    } catch (error) {
      this.lose(error as Error);
    }
    await this.run();
  }
}

/** What must be known to tell a repeated append from a late one. */
function repeatedRange({ stream, expected, events }: WriteRequest, head: StreamHead): Range[] {
  if (expected < EXPECTED.NO_STREAM || expected >= head.revision || head.tombstoned || events.length === 0)
    return [];
  return [{ stream, first: expected + 1, last: Math.min(expected + events.length, head.revision) }];
}
