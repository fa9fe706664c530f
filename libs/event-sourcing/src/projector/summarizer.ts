import pg from 'pg';
import { CHECKPOINT_CHANNEL } from './checkpoint.js';
import type { ProjectorLog } from './projector.js';
import type { Summary } from './summary.js';

export interface SummarizerOptions {
  readonly databaseUrl: string;
  readonly summary: Summary;
  /** Of the projection as this program knows it: rows of another version are left to another program. */
  readonly version: number;
  readonly log: ProjectorLog;
  /** Where the projection's rows are, and the name of its checkpoint; without it those that serve. */
  readonly schema?: string;
}

/**
 * Keeps a summary in step with the rows of its projection, woken by the moves of the checkpoint. Any number may run; they take
 * turns. Each step is one transaction, so it goes on from where it was after anything.
 */
export class Summarizer {
  private stopped = false;
  private client: pg.Client | undefined;
  private wake: () => void = () => undefined;
  private interruptions = 0;

  constructor(private readonly options: SummarizerOptions) {}

  /** Until stopped. */
  async run(): Promise<void> {
    const { log } = this.options;
    while (!this.stopped) {
      try {
        await this.follow();
      } catch (error) {
        if (this.stopped) return;
        log.error({ summary: this.schema, err: error }, 'summary interrupted, resuming where it was');
        // Ended later, it would wake from the rest.
        await this.client?.end().catch(() => undefined);
        await this.rest(Math.min(100 * 2 ** this.interruptions++, 5_000));
      } finally {
        await this.client?.end().catch(() => undefined);
      }
    }
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
  }

  private async follow(): Promise<void> {
    const client = (this.client = new pg.Client({
      connectionString: this.options.databaseUrl,
      application_name: `summarizer ${this.schema}`,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    }));
    let isMoved: boolean;
    let lost: Error | undefined;
    client.on('notification', ({ payload }) => {
      if (!payload?.startsWith(`${this.schema} `)) return;
      isMoved = true;
      this.wake();
    });
    const lose = (error = new Error('the connection has ended')) => {
      lost ??= error;
      this.wake();
    };
    client.on('error', lose);
    client.on('end', () => lose());
    await client.connect();
    await client.query(`listen ${CHECKPOINT_CHANNEL}`);
    while (!this.stopped) {
      isMoved = false;
      while (!this.stopped && (await this.step(client)));
      if (lost) throw lost;
      if (!isMoved && !this.stopped) await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** One transaction; answers whether there is more to do. */
  private async step(client: pg.Client): Promise<boolean> {
    const { summary, version } = this.options;
    if (!(await summary.isDue(client, this.schema))) return false;
    await client.query('begin');
    try {
      // No other generation is put in place of this one meanwhile; nor are its rows emptied, to be made anew.
      await client.query('lock table public.projection in access share mode');
      await client.query(`lock table ${this.schema}.${summary.tables[0]} in share row exclusive mode`);
      const { rows } = await client.query('select position, version from public.projection where name = $1', [
        this.schema,
      ]);
      const [checkpoint] = rows as { position: string; version: number }[];
      const isMore =
        checkpoint?.version === version &&
        (await summary.advance(client, this.schema, BigInt(checkpoint.position)));
      await client.query('commit');
      this.interruptions = 0;
      return isMore;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  private get schema(): string {
    return this.options.schema ?? this.options.summary.of;
  }

  private rest(milliseconds: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
