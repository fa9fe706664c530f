import pg from 'pg';
import { binaryArray, bool, int8, OID, timestamptz, uuid } from './binary-array.js';
import { EXPECTED, type KnownEvent, type StreamHead } from './decide-write.js';
import type { StoredEvent } from './event.js';
import { loadHeads, loadKnownEvents, type Range } from './known-streams.js';
import { LruCache } from './lru-cache.js';
import { BatchPlan, headOf, type WriteRequest, type WriteResult } from './plan-batch.js';
import { createTables } from './schema.js';
import { originalOf } from './stream-metadata.js';

/** PostgreSQL cannot be reached or cannot store. Nothing was acknowledged; whether it was written is unknown. */
export class StorageUnavailable extends Error {
  override name = 'StorageUnavailable';
}

/** The time a write may wait is over; it was not begun. */
export class WriteExpired extends Error {
  override name = 'WriteExpired';
}

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

const APPEND = `
  insert into event_store.event (position, stream, revision, id, type, json, created, data, metadata)
  select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::uuid[], $5::text[], $6::boolean[], $7::timestamptz[],
    $8::bytea[], $9::bytea[])`;
/** Held by the one node that writes into a database. */
const LOCK = 7_261_954;
const MOST_WRITES = 1_000;
const MOST_BYTES = 8 * 1024 * 1024;
const RETRY = 250;
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
  private running = false;
  private stopped = false;
  private session: pg.Client | undefined;
  private position = 0;
  private retry: NodeJS.Timeout | undefined;

  constructor(private readonly options: WriterOptions) {}

  /** @throws StorageUnavailable, also when another node writes into this database */
  async start(): Promise<void> {
    this.session = await this.connect();
  }

  /**
   * Decides and stores; resolves once it is on disk.
   * @throws StorageUnavailable, WriteExpired
   */
  write(request: WriteRequest, bytes: number, expiresAt: number): Promise<WriteResult> {
    if (this.stopped) return Promise.reject(new StorageUnavailable('the node is stopping'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, bytes, expiresAt, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  /** Head of a stream written lately. */
  knownHead(stream: string): StreamHead | undefined {
    return this.heads.get(stream);
  }

  /** Refuses new writes; those begun are finished. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    while (this.running) await new Promise(setImmediate);
    await this.session?.end().catch(() => undefined);
  }

  private async run(): Promise<void> {
    this.running = true;
    // All that arrive in this turn of the loop share the first flush.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const batch = this.take();
      try {
        this.session ??= await this.connect();
        const results = await this.store(this.session, batch);
        batch.forEach((write, index) => write.resolve(results[index]!));
      } catch (error) {
        const failure = error instanceof StorageUnavailable ? error : unavailable(error);
        this.lose(failure);
        for (const write of batch) write.reject(failure);
      }
    }
    this.running = false;
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
      await client.query({ name: 'append', text: APPEND, values: columns(rows) });
      this.position = rows.at(-1)!.position;
      for (const { id, stream, revision, position } of rows)
        this.recent.set(id, { id, stream, revision, position });
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
    const client = new pg.Client({
      connectionString: this.options.databaseUrl,
      connectionTimeoutMillis: 2_000,
      keepAlive: true,
      application_name: 'event store writer',
    });
    client.on('error', (error) => {
      if (this.session === client) this.lose(error);
    });
    try {
      await client.connect();
      await client.query('set synchronous_commit = on');
      const { rows: lock } = await client.query('select pg_try_advisory_lock($1) as taken', [LOCK]);
      if (!lock[0].taken) throw new Error('another node writes into this database');
      await createTables(client);
      const { rows } = await client.query('select max(position) as position from event_store.event');
      this.position = Number(rows[0].position ?? 0);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw unavailable(error);
    }
    this.heads.clear();
    this.options.onSession(this.position);
    return client;
  }

  /** Forgets what the session knew, and tries for a new one until it is there. */
  private lose(error: Error): void {
    if (this.stopped) return;
    this.options.log(`event store: ${error.message}`);
    const lost = this.session;
    this.session = undefined;
    this.heads.clear();
    if (lost) void lost.end().catch(() => undefined);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.reconnect(), RETRY).unref();
  }

  private async reconnect(): Promise<void> {
    if (this.session || this.stopped || this.running) return;
    this.running = true;
    try {
      this.session = await this.connect();
    } catch (error) {
      this.lose(error as Error);
    }
    void this.run();
  }
}

/** What must be known to tell a repeated append from a late one. */
function repeatedRange({ stream, expected, events }: WriteRequest, head: StreamHead): Range[] {
  if (expected < EXPECTED.NO_STREAM || expected >= head.revision || head.tombstoned || events.length === 0)
    return [];
  return [{ stream, first: expected + 1, last: Math.min(expected + events.length, head.revision) }];
}

function columns(rows: readonly StoredEvent[]): Buffer[] {
  const column = (oid: number, value: (row: StoredEvent) => Buffer) => binaryArray(oid, rows.map(value));
  return [
    column(OID.int8, (row) => int8(row.position)),
    column(OID.text, (row) => Buffer.from(row.stream)),
    column(OID.int8, (row) => int8(row.revision)),
    column(OID.uuid, (row) => uuid(row.id)),
    column(OID.text, (row) => Buffer.from(row.type)),
    column(OID.bool, (row) => bool(row.json)),
    column(OID.timestamptz, (row) => timestamptz(row.created)),
    column(OID.bytea, (row) => row.data),
    column(OID.bytea, (row) => row.metadata),
  ];
}

function unavailable(cause: unknown): StorageUnavailable {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageUnavailable(`the event store's database does not store: ${reason}`, { cause });
}
