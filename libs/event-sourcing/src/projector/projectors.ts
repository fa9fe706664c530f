import type { Clock } from '#shared-kernel';
import { DecodedEvents } from './decoded-events.js';
import { EventHub, type EventHubOptions } from './event-hub.js';
import type { Projection } from './projection.js';
import { Projector, type ProjectorLog, type ProjectorOptions } from './projector.js';

export interface ProjectorsOptions
  extends EventHubOptions, Pick<ProjectorOptions, 'databaseUrl' | 'batch' | 'retryDelay'> {
  readonly projections: readonly Projection[];
  readonly log: ProjectorLog;
  readonly clock?: Clock;
}

/** Keeps projections in step with the event store, over one subscription for all that this process leads. */
export class Projectors {
  private readonly projectors: readonly Projector[];
  private readonly runs: Promise<void>[] = [];

  constructor({ projections, clock = { now: () => new Date() }, ...options }: ProjectorsOptions) {
    const hub = new EventHub(options);
    const decoded = new DecodedEvents(options.store);
    this.projectors = projections.map(
      (projection) => new Projector({ ...options, projection, hub, decoded, clock }),
    );
  }

  /** Each leads, or waits to, until stopped. */
  start(): void {
    this.runs.push(...this.projectors.map((projector) => projector.run()));
  }

  /** Ends after the batches under way. */
  async stop(): Promise<void> {
    await Promise.all(this.projectors.map((projector) => projector.stop()));
    await Promise.all(this.runs);
  }
}
