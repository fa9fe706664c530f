import { Client } from '#pg-client';
import type pg from 'pg';
import { CHECKPOINT_CHANNEL, CONTROL_CHANNEL } from './checkpoint.js';

interface Waiter {
  readonly position: bigint;
  resolve(reached: boolean): void;
}

/**
 * Where the projections stand, told by PostgreSQL's notifications: nobody polls. After a lost connection the positions are
 * read anew, so a notification that got lost delays nobody.
 */
export class ProjectionPositions {
  private readonly positions = new Map<string, bigint>();
  private readonly waiters = new Map<string, Set<Waiter>>();
  private paused = new Set<string>();
  private whenTold = new Set<() => void>();
  private client: pg.Client | undefined;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly databaseUrl: string) {}

  /** Begins to listen; fails when the database cannot be reached now, and reconnects by itself later. */
  async start(): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'projection positions',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    client.on('notification', ({ channel, payload }) => {
      if (channel === CHECKPOINT_CHANNEL) this.moved(...(payload!.split(' ') as [string, string]));
      // A lost connection is told by its end, and all is read anew.
      else void this.read(client).catch(() => undefined);
    });
    client.on('end', () => this.reconnect());
    await client.connect();
    this.client = client;
    await client.query(`listen ${CHECKPOINT_CHANNEL}; listen ${CONTROL_CHANNEL}`);
    await this.read(client);
  }

  /** True once everything up to `position` is applied, false after `timeout` ms. */
  whenCaughtUp(projection: string, position: bigint, timeout: number): Promise<boolean> {
    if ((this.positions.get(projection) ?? -2n) >= position) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiters = this.waiters.get(projection) ?? new Set();
      this.waiters.set(projection, waiters);
      const timer = setTimeout(() => waiter.resolve(false), timeout);
      const waiter: Waiter = {
        position,
        resolve: (reached) => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve(reached);
        },
      };
      waiters.add(waiter);
    });
  }

  /** Resolves once the projection is paused, at once where it is. */
  async whenPaused(projection: string): Promise<void> {
    while (!this.paused.has(projection)) await new Promise<void>((resolve) => this.whenTold.add(resolve));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const waiters of this.waiters.values()) for (const waiter of waiters) waiter.resolve(false);
    await this.client?.end();
  }

  private async read(client: pg.Client): Promise<void> {
    const { rows } = await client.query('select name, position, state from public.projection');
    const standings = rows as { name: string; position: string; state: string }[];
    for (const { name, position } of standings) this.moved(name, position);
    this.paused = new Set(standings.filter(({ state }) => state === 'paused').map(({ name }) => name));
    for (const told of this.whenTold) told();
    this.whenTold.clear();
  }

  private moved(name: string, text: string): void {
    const position = BigInt(text);
    this.positions.set(name, position);
    for (const waiter of this.waiters.get(name) ?? []) if (waiter.position <= position) waiter.resolve(true);
  }

  private reconnect(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.start().catch(() => this.reconnect()), 500);
  }
}
