import type pg from 'pg';
import { CHECKPOINT_CHANNEL } from './checkpoint.js';
import { isGone } from './generations/generations.js';
import type { ProjectorLog } from './projector.js';
import type { Summary } from './summary.js';
import { Watch } from './watch.js';

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
  private readonly watch: Watch;

  constructor(private readonly options: SummarizerOptions) {
    const { databaseUrl, log } = options;
    this.watch = new Watch({
      databaseUrl,
      name: `summarizer ${this.schema}`,
      channels: [CHECKPOINT_CHANNEL],
      concerns: (_, payload) => payload.startsWith(`${this.schema} `),
      look: async (client) => {
        while (!this.watch.isStopped && (await this.step(client)));
      },
      onInterrupted: (error) => {
        const isExpected = this.schema !== options.summary.of && isGone(error);
        if (!isExpected)
          log.error({ summary: this.schema, err: error }, 'summary interrupted, resuming where it was');
      },
    });
  }

  /** Until stopped. */
  run(): Promise<void> {
    return this.watch.run();
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.watch.stop();
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
      return isMore;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  private get schema(): string {
    return this.options.schema ?? this.options.summary.of;
  }
}
