import pg from 'pg';
import { CHECKPOINT_CHANNEL } from './checkpoint.js';

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
  private client: pg.Client | undefined;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly databaseUrl: string) {}

  /** Begins to listen; fails when the database cannot be reached now, and reconnects by itself later. */
  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'projection positions',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => this.moved(...(payload!.split(' ') as [string, string])));
    client.on('end', () => this.reconnect());
    await client.connect();
    this.client = client;
    await client.query(`listen ${CHECKPOINT_CHANNEL}`);
    const { rows } = await client.query('select name, position from public.projection');
    for (const { name, position } of rows as { name: string; position: string }[]) this.moved(name, position);
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

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const waiters of this.waiters.values()) for (const waiter of waiters) waiter.resolve(false);
    await this.client?.end();
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
