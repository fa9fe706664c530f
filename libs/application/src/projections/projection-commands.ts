import { Injectable } from '@nestjs/common';
import {
  pauseProjection,
  ReadModels,
  resumeProjection,
  skipEvent,
  type Projection,
  type ProjectionStatus,
} from '#event-sourcing';
import { Problem } from '#http';
import { Clock, text } from '#shared-kernel';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ProjectionStatuses } from './projection-statuses.js';
import { sqlOf } from './sql-of.js';

const reason = text(2_000).meta({ description: 'why, for those who look at it later' });

/** What is said with each. */
export const projectionCommandSchemas = {
  pause: z.strictObject({ reason: reason.optional() }),
  resume: z.strictObject({}),
  skip: z.strictObject({
    position: z
      .string()
      .regex(/^\d{1,18}$/, 'must be a decimal position')
      .meta({ description: 'of the event that paused it, as `error.position` says', examples: ['4711'] }),
    reason,
  }),
};
type Data<Type extends keyof typeof projectionCommandSchemas> = z.output<
  (typeof projectionCommandSchemas)[Type]
>;

/**
 * What operators do to projections, over HTTP and on the command line. Whoever leads, in whichever process, is told at once.
 * Each answers how the projection stands then.
 * @throws Problem 404 for a projection that is not of the program, 409 where its state does not allow it
 */
@Injectable()
export class ProjectionCommands {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly readModels: ReadModels,
    private readonly statuses: ProjectionStatuses,
  ) {}

  async pause(name: string, { reason }: Data<'pause'>, by: string): Promise<ProjectionStatus> {
    const projection = this.known(name);
    if (!(await pauseProjection(this.sql, projection, { by, reason, at: this.clock.now() })))
      throw new Problem(409, 'ProjectionPaused', `${name} is paused already.`);
    return this.status(name);
  }

  async resume(name: string): Promise<ProjectionStatus> {
    this.known(name);
    if (!(await resumeProjection(this.sql, name))) throw notPaused(name);
    return this.status(name);
  }

  async skip(name: string, { position, reason }: Data<'skip'>, by: string): Promise<ProjectionStatus> {
    this.known(name);
    const decision = { by, reason, at: this.clock.now() };
    if (await skipEvent(this.sql, name, BigInt(position), decision)) return this.status(name);
    const { state, error } = await this.status(name);
    if (state !== 'paused') throw notPaused(name);
    const what = error ? `the event at position ${error.position}` : 'somebody, and by no event';
    throw new Problem(409, 'NotTheEvent', `${name} is paused by ${what}.`);
  }

  private get sql() {
    return sqlOf(this.dataSource);
  }

  private known(name: string): Projection {
    const projection = this.readModels.projections.find((one) => one.name === name);
    if (projection) return projection;
    const names = this.readModels.projections.map((one) => one.name).join(', ');
    throw new Problem(404, 'ProjectionNotFound', `There is no such projection; there are ${names}.`);
  }

  private async status(name: string): Promise<ProjectionStatus> {
    return (await this.statuses.read()).find((status) => status.name === name)!;
  }
}

const notPaused = (name: string) => new Problem(409, 'ProjectionNotPaused', `${name} is not paused.`);
