import { Client } from '#pg-client';
import type pg from 'pg';

export interface WatchOptions {
  readonly databaseUrl: string;
  /** By which PostgreSQL names the connection. */
  readonly name: string;
  readonly channels: readonly string[];
  /** Whether a notification is a reason to look. */
  concerns(channel: string, payload: string): boolean;
  /**
   * Looks, and does what is to be done.
   * @returns milliseconds after which to look again although nothing was told; nothing: only when something is
   */
  look(client: pg.Client): Promise<number | void>;
  /** The connection was lost, or a look failed: it goes on by itself. */
  onInterrupted(error: unknown): void;
}

/** Looks on a connection of its own whenever PostgreSQL tells of something, and after anything that interrupts it; nobody polls. */
export class Watch {
  private stopped = false;
  private isTold = false;
  private wake: () => void = () => undefined;
  private interruptions = 0;

  constructor(private readonly options: WatchOptions) {}

  get isStopped(): boolean {
    return this.stopped;
  }

  /** Until stopped. */
  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.connected();
      } catch (error) {
        if (this.stopped) return;
        this.options.onInterrupted(error);
        await this.rest(Math.min(100 * 2 ** this.interruptions++, 5_000));
      }
    }
  }

  /** Ends after the look under way. */
  stop(): void {
    this.stopped = true;
    this.wake();
  }

  private async connected(): Promise<void> {
    const { databaseUrl, name, channels, concerns, look } = this.options;
    const client = new Client({
      connectionString: databaseUrl,
      application_name: name,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    let lost: Error | undefined;
    client.on('notification', ({ channel, payload = '' }) => {
      if (!concerns(channel, payload)) return;
      this.isTold = true;
      this.wake();
    });
    const lose = (error = new Error('the connection has ended')) => {
      lost ??= error;
      this.wake();
    };
    client.on('error', lose);
    client.on('end', () => lose());
    try {
      await client.connect();
      for (const channel of channels) await client.query(`listen ${channel}`);
      while (!this.stopped) {
        this.isTold = false;
        const again = await look(client);
        if (lost) throw lost;
        this.interruptions = 0;
        if (!this.isTold) await this.rest(again ?? undefined);
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async rest(milliseconds: number | undefined): Promise<void> {
    if (this.stopped) return;
    await new Promise<void>((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
