import { Injectable } from '@nestjs/common';
import {
  beginGeneration,
  dropGeneration,
  GenerationConflict,
  GenerationNotFound,
  introduce,
  pauseProjection,
  ReadModels,
  resumeProjection,
  skipEvent,
  type Projection,
  type ProjectionStatus,
  type Sql,
} from '#event-sourcing';
import { Problem } from '#http';
import { Clock, text } from '#shared-kernel';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ProjectionStatuses } from './projection-statuses.js';
import { onConnection, sqlOf } from './sql-of.js';

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
  rebuild: z.strictObject({ reason: reason.optional() }),
  'drop-generation': z.strictObject({}),
};
type Data<Type extends keyof typeof projectionCommandSchemas> = z.output<
  (typeof projectionCommandSchemas)[Type]
>;

/**
 * What operators do to projections, over HTTP and on the command line. Whoever leads, in whichever process, is told at once.
 * Each answers how the projection stands then. A generation that is being made is paused, resumed and skips by its own name.
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
    const { projection } = await this.operable(name);
    if (name === projection.name) await introduce(this.sql, name, projection.version);
    if (!(await pauseProjection(this.sql, name, { by, reason, at: this.clock.now() })))
      throw new Problem(409, 'ProjectionPaused', `${name} is paused already.`);
    return this.status(projection);
  }

  async resume(name: string): Promise<ProjectionStatus> {
    const { projection } = await this.operable(name);
    if (!(await resumeProjection(this.sql, name))) throw notPaused(name);
    return this.status(projection);
  }

  async skip(name: string, { position, reason }: Data<'skip'>, by: string): Promise<ProjectionStatus> {
    const { projection } = await this.operable(name);
    const decision = { by, reason, at: this.clock.now() };
    if (await skipEvent(this.sql, name, BigInt(position), decision)) return this.status(projection);
    const { standing } = await this.operable(name);
    if (standing.state !== 'paused') throw notPaused(name);
    const what = standing.error
      ? `the event at position ${standing.error.position}`
      : `${standing.paused?.by ?? 'somebody'}, and by no event`;
    throw new Problem(409, 'NotTheEvent', `${name} is paused by ${what}.`);
  }

  /** Begins a generation, which projectors fill and let serve; it is the last of `generations`, and shows its progress. */
  async rebuild(name: string, { reason }: Data<'rebuild'>, by: string): Promise<ProjectionStatus> {
    const projection = this.known(name);
    await this.onGenerations((sql) => beginGeneration(sql, projection, { by, reason, at: this.clock.now() }));
    return this.status(projection);
  }

  /** Gives up a generation that is being made, or removes one that serves no more. */
  async dropGeneration(name: string): Promise<ProjectionStatus> {
    const projection = this.known(name.replace(/_\d+$/, ''));
    await this.onGenerations((sql) => dropGeneration(sql, name, this.clock.now()));
    return this.status(projection);
  }

  private get sql() {
    return sqlOf(this.dataSource);
  }

  private async onGenerations(work: (sql: Sql) => Promise<unknown>): Promise<void> {
    try {
      await onConnection(this.dataSource, work);
    } catch (error) {
      if (error instanceof GenerationConflict) throw conflict(error.message);
      if (error instanceof GenerationNotFound) throw new Problem(404, 'GenerationNotFound', error.message);
      throw error;
    }
  }

  private known(name: string): Projection {
    const projection = this.readModels.projections.find((one) => one.name === name);
    if (projection) return projection;
    const names = this.readModels.projections.map((one) => one.name).join(', ');
    throw new Problem(404, 'ProjectionNotFound', `There is no such projection; there are ${names}.`);
  }

  /** A projection, or the generation of it that is being made, and how it stands. */
  private async operable(name: string) {
    const statuses = await this.statuses.read();
    const serving = statuses.find((status) => `${status.name}_${status.generation}` === name);
    if (serving) throw conflict(`${name} is the one that serves: say ${serving.name}.`);
    const of = statuses.find(({ generations }) => generations.some((one) => one.name === name));
    const generation = of?.generations.find((one) => one.name === name);
    if (generation?.phase === 'retired') throw conflict(`${name} serves no more: it can only be dropped.`);
    const projection = this.known(of?.name ?? name);
    return { projection, standing: generation ?? statuses.find((status) => status.name === name)! };
  }

  private async status({ name }: Projection): Promise<ProjectionStatus> {
    return (await this.statuses.read()).find((status) => status.name === name)!;
  }
}

const conflict = (detail: string) => new Problem(409, 'GenerationConflict', detail);
const notPaused = (name: string) => new Problem(409, 'ProjectionNotPaused', `${name} is not paused.`);
