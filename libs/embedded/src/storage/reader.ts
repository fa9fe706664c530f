import { Client } from '#pg-client';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { readInt8, readTimestamptz, readUuid } from './binary-array.js';
import type { StreamHead } from './decide-write.js';
import { EVENT_OVERHEAD, type StoredEvent } from './event.js';
import { loadHeads } from './known-streams.js';
import { StorageUnavailable } from './errors.js';
import { Turns } from './turns.js';

export type Direction = 'forwards' | 'backwards';

/** The most a page may hold; one event it holds in any case. */
export interface PageSize {
  readonly events: number;
  /** In memory. */
  readonly bytes: number;
}

/** Few enough that taking a page apart does not let the client run dry; see bench/README.md. */
const MOST_EVENTS = 500;
const CONNECTIONS = 8;

/** Reads pages of events. Apart from the writer's connection, so that long reads do not hold up appends. */
export class Reader {
  private readonly pool: pg.Pool;
  // Not left to the pool: it turns away who waits longer than a connection may take to open.
  private readonly turns = new Turns(CONNECTIONS);

  constructor(databaseUrl: string) {
    this.pool = new pg.Pool({
      Client,
      connectionString: databaseUrl,
      max: CONNECTIONS,
      connectionTimeoutMillis: 5_000,
      application_name: 'event store reader',
    });
    this.pool.on('error', () => undefined);
    // The pool listens to idle connections only; one that breaks in use would end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /**
   * Events of `$all` after `position` (forwards) or before it (backwards), `position` not included.
   * @throws StorageUnavailable
   */
  all(direction: Direction, position: number, most: PageSize): Promise<StoredEvent[]> {
    const past = direction === 'forwards' ? '>' : '<';
    return this.page(`position ${past} ${literal(position)}`, 'position', direction, most);
  }

  /**
   * Events of a stream from `revision` on, included, a tombstone not.
   * @throws StorageUnavailable
   */
  stream(stream: string, direction: Direction, revision: number, most: PageSize): Promise<StoredEvent[]> {
    const bound =
      direction === 'forwards'
        ? `>= ${literal(revision)} and revision < ${2n ** 63n - 1n}`
        : `<= ${literal(revision)}`;
    return this.page(
      `stream = ${pg.escapeLiteral(stream)} and revision ${bound}`,
      'revision',
      direction,
      most,
    );
  }

  /** @throws StorageUnavailable */
  async head(stream: string): Promise<StreamHead> {
    return this.using(async (client) => (await loadHeads(client, [stream])).get(stream)!);
  }

  async stop(): Promise<void> {
    await this.pool.end();
  }

  private page(where: string, by: string, direction: Direction, most: PageSize): Promise<StoredEvent[]> {
    const order = `${by} ${direction === 'forwards' ? 'asc' : 'desc'}`;
    const rows = Math.min(most.events, MOST_EVENTS, Math.ceil(most.bytes / EVENT_OVERHEAD));
    const weight = `octet_length(data) + octet_length(metadata) + ${EVENT_OVERHEAD}`;
    // COPY in binary: pg would decode every column as text. The sum, taken from the rows' headers, bounds the bytes.
    const sql = `copy (
      select position, stream, revision, id, type, json, created, data, metadata
      from (
        select *, sum(${weight}) over (order by ${order} rows unbounded preceding) as bytes
        from (select * from event_store.event where ${where} order by ${order} limit ${rows}) page
      ) sized
      where bytes - (${weight}) < ${most.bytes} order by ${order}
    ) to stdout (format binary)`;
    return this.using(async (client) => {
      const chunks: Buffer[] = [];
      for await (const chunk of client.query(copyTo(sql))) chunks.push(chunk as Buffer);
      return rowsOf(Buffer.concat(chunks));
    });
  }

  private using<Result>(read: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    return this.turns.take(() => this.connected(read));
  }

  private async connected<Result>(read: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    let client: pg.PoolClient | undefined;
    let failure: Error | undefined;
    try {
      client = await this.pool.connect();
      return await read(client);
    } catch (error) {
      failure = error as Error;
      throw new StorageUnavailable(`the event store's database cannot be read: ${failure.message}`, {
        cause: error,
      });
    } finally {
      client?.release(failure);
    }
  }
}

function literal(value: number): string {
  if (value >= 2 ** 63) return String(2n ** 63n - 1n);
  return String(BigInt(Math.floor(value)));
}

/** Signature, flags and extension length of COPY's binary format. */
const COPY_HEADER = 19;

function rowsOf(copy: Buffer): StoredEvent[] {
  const events: StoredEvent[] = [];
  // Each row: number of fields (2), then per field its length (4) and value; -1 fields end the data.
  for (let at = COPY_HEADER; copy.readInt16BE(at) !== -1;) {
    at += 2;
    const field = () => {
      const start = at + 4;
      at = start + copy.readInt32BE(at);
      return start;
    };
    const position = readInt8(copy, field());
    const stream = copy.toString('utf8', field(), at);
    const revision = readInt8(copy, field());
    const id = readUuid(copy, field());
    const type = copy.toString('utf8', field(), at);
    const json = copy[field()] === 1;
    const created = readTimestamptz(copy, field());
    const data = copy.subarray(field(), at);
    const metadata = copy.subarray(field(), at);
    events.push({ position, stream, revision, id, type, json, created, data, metadata });
  }
  return events;
}
