import type { Clock } from '#shared-kernel';
import { DecodedEvents } from './decoded-events.js';
import { EventHub, type EventHubOptions } from './event-hub.js';
import { GenerationBuilder } from './generations/generation-builder.js';
import type { Projection } from './projection.js';
import { Projector, type ProjectorLog, type ProjectorOptions } from './projector.js';
import { Summarizer } from './summarizer.js';
import type { Summary } from './summary.js';

export interface ProjectorsOptions
  extends EventHubOptions, Pick<ProjectorOptions, 'databaseUrl' | 'batch' | 'retryDelay'> {
  readonly projections: readonly Projection[];
  readonly summaries?: readonly Summary[];
  readonly log: ProjectorLog;
  readonly clock?: Clock;
}

/** Runs until it is stopped. */
interface Work {
  run(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps projections, and what is summed up of them, in step with the event store, over one subscription for all that this
 * process leads; makes their new generations.
 */
export class Projectors {
  private readonly all: Running;

  constructor({
    projections,
    summaries = [],
    clock = { now: () => new Date() },
    ...options
  }: ProjectorsOptions) {
    const hub = new EventHub(options);
    const decoded = new DecodedEvents(options.store);
    const summariesOf = ({ name }: Projection) => summaries.filter((summary) => summary.of === name);
    /** @param projection `of`, or a generation of it by its own name */
    const workOn = (projection: Projection, of: Projection): Work[] => {
      const own = summariesOf(of);
      const isGiven = projection !== of;
      const projector = new Projector({
        ...options,
        projection,
        summaries: own,
        hub,
        decoded,
        clock,
        isGiven,
      });
      const { name: schema, version } = projection;
      return [projector, ...own.map((summary) => new Summarizer({ ...options, summary, version, schema }))];
    };
    const builder = new GenerationBuilder({
      ...options,
      projections,
      clock,
      fill: (projection, of) => new Running(workOn(projection, of)),
      async isSummarized(sql, building, of) {
        for (const summary of summariesOf(of)) if (await summary.isDue(sql, building)) return false;
        return true;
      },
    });
    this.all = new Running([...projections.flatMap((projection) => workOn(projection, projection)), builder]);
  }

  /** Each leads, or waits to, until stopped. */
  start(): void {
    this.all.start();
  }

  /** Ends after the batches under way. */
  stop(): Promise<void> {
    return this.all.stop();
  }
}

class Running {
  private runs: readonly Promise<void>[] = [];

  constructor(private readonly all: readonly Work[]) {}

  start(): void {
    this.runs = this.all.map((each) => each.run());
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((each) => each.stop()));
    await Promise.all(this.runs);
  }
}
