import type { Clock } from '#shared-kernel';
import { DecodedEvents } from './decoded-events.js';
import { EventHub, type EventHubOptions } from './event-hub.js';
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

/**
 * Keeps projections, and what is summed up of them, in step with the event store, over one subscription for all that this
 * process leads.
 */
export class Projectors {
  private readonly all: readonly (Projector | Summarizer)[];
  private readonly runs: Promise<void>[] = [];

  constructor({
    projections,
    summaries = [],
    clock = { now: () => new Date() },
    ...options
  }: ProjectorsOptions) {
    const hub = new EventHub(options);
    const decoded = new DecodedEvents(options.store);
    const projectors = projections.map((projection) => {
      const own = summaries.filter((summary) => summary.of === projection.name);
      return new Projector({ ...options, projection, summaries: own, hub, decoded, clock });
    });
    const summarizers = summaries.map((summary) => {
      const { version } = projections.find(({ name }) => name === summary.of)!;
      return new Summarizer({ ...options, summary, version });
    });
    this.all = [...projectors, ...summarizers];
  }

  /** Each leads, or waits to, until stopped. */
  start(): void {
    this.runs.push(...this.all.map((each) => each.run()));
  }

  /** Ends after the batches under way. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map((each) => each.stop()));
    await Promise.all(this.runs);
  }
}
