import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { AggregateNotFound } from '#event-sourcing';
import { Problem } from '#http';
import { Clock, type Actor } from '#shared-kernel';
import { DataSource } from 'typeorm';
import type { Progress, VerificationResult } from './verification-result.js';

/** Where a verification is done: not where requests are answered, which would wait for it. */
export abstract class VerificationWork {
  abstract run(onProgress: (progress: Progress) => void): Promise<VerificationResult>;
}

/** A verification that was asked for. */
export interface VerificationStatus {
  readonly id: string;
  /** lost: the process that ran it is gone. */
  readonly state: 'running' | 'done' | 'failed' | 'lost';
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt?: string;
  readonly progress: Progress & { readonly eventsPerSecond: number; readonly secondsLeft: number | null };
  /** Why it failed. */
  readonly error?: string;
  readonly result?: VerificationResult;
}

/** Milliseconds between notes of how far it is. */
const NOTED = 1_000;
/** Milliseconds without a note after which its process is taken for gone. */
const LOST = 30_000;

/** Verifications that run beside the requests, one at a time; how far each is stands in the database, for every process to tell. */
@Injectable()
export class Verifications {
  private readonly logger = new Logger(Verifications.name);
  private running: string | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly work: VerificationWork,
  ) {}

  /**
   * @returns the id of the one begun
   * @throws Problem 409 while one runs
   */
  async start(actor: Actor): Promise<string> {
    if (this.running) {
      const detail = `Verification ${this.running} is still running. Wait for it: it reads everything.`;
      throw new Problem(409, 'VerificationRunning', detail);
    }
    const id = (this.running = randomUUID());
    try {
      await this.dataSource.query(
        `insert into public.verification (id, state, started_at, noted_at, actor, events, of)
         values ($1, 'running', $2, $2, $3, 0, 0)`,
        [id, this.clock.now(), actor.id],
      );
    } catch (error) {
      this.running = undefined;
      throw error;
    }
    void this.carryOut(id);
    return id;
  }

  /** @throws AggregateNotFound */
  async read(id: string): Promise<VerificationStatus> {
    const [row] = await this.dataSource.query<Row[]>('select * from public.verification where id = $1', [id]);
    if (!row) throw new AggregateNotFound('VerificationNotFound', `There is no verification ${id}.`);
    return statusOf(row, this.clock.now());
  }

  private async carryOut(id: string): Promise<void> {
    let noted = this.clock.now().getTime();
    let progress: Progress = { events: 0, of: 0 };
    const onProgress = (reached: Progress) => {
      progress = reached;
      const now = this.clock.now().getTime();
      if (now - noted < NOTED) return;
      noted = now;
      this.note(id, 'running', progress).catch((error: unknown) =>
        this.logger.error({ err: error }, 'not noted'),
      );
    };
    try {
      const result = await this.work.run(onProgress);
      await this.note(id, 'done', progress, { result });
    } catch (error) {
      this.logger.error({ err: error, verification: id }, 'verification failed');
      const message = error instanceof Error ? error.message : String(error);
      await this.note(id, 'failed', progress, { error: message }).catch(() => undefined);
    } finally {
      this.running = undefined;
    }
  }

  private async note(
    id: string,
    state: 'running' | 'done' | 'failed',
    { events, of }: Progress,
    { result, error }: { result?: VerificationResult; error?: string } = {},
  ): Promise<void> {
    // A note of progress may come after the last one.
    await this.dataSource.query(
      `update public.verification set state = $2, events = $3, of = $4, noted_at = $5, result = $6, error = $7
       where id = $1 and state = 'running'`,
      [id, state, events, of, this.clock.now(), result ? JSON.stringify(result) : null, error ?? null],
    );
  }
}

interface Row {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly started_at: Date;
  readonly noted_at: Date;
  readonly actor: string;
  readonly events: string;
  readonly of: string;
  readonly error: string | null;
  readonly result: VerificationResult | null;
}

function statusOf(row: Row, now: Date): VerificationStatus {
  const [events, of] = [Number(row.events), Number(row.of)];
  const isLost = row.state === 'running' && now.getTime() - row.noted_at.getTime() > LOST;
  const seconds = (row.noted_at.getTime() - row.started_at.getTime()) / 1_000;
  const rate = seconds > 0 ? events / seconds : 0;
  const left = row.state === 'running' && rate > 0 ? Math.round((of - events) / rate) : null;
  return {
    id: row.id,
    state: isLost ? 'lost' : row.state,
    startedAt: row.started_at.toISOString(),
    startedBy: row.actor,
    ...(row.state === 'running' ? {} : { endedAt: row.noted_at.toISOString() }),
    progress: { events, of, eventsPerSecond: Math.round(rate), secondsLeft: left },
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.result === null ? {} : { result: row.result }),
  };
}
