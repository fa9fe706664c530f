import type { Projection } from './projection.js';
import { Projector, type ProjectorOptions } from './projector.js';
import { Summarizer } from './summarizer.js';
import type { Summary } from './summary.js';

export interface ReadModelsOptions extends Omit<ProjectorOptions, 'projection' | 'summaries'> {
  readonly projections: readonly Projection[];
  readonly summaries: readonly Summary[];
}

/** Begins to keep projections, and what is summed up of them, in step with the event store. */
export function keepReadModels({ projections, summaries, ...options }: ReadModelsOptions): KeptReadModels {
  const projectors = projections.map(
    (projection) =>
      new Projector({
        ...options,
        projection,
        summaries: summaries.filter((summary) => summary.of === projection.name),
      }),
  );
  const summarizers = summaries.map((summary) => {
    const { version } = projections.find(({ name }) => name === summary.of)!;
    return new Summarizer({ ...options, summary, version });
  });
  const all = [...projectors, ...summarizers];
  const ended = Promise.all(all.map((each) => each.run())).then(() => undefined);
  return {
    ended,
    async stop() {
      await Promise.all(all.map((each) => each.stop()));
      await ended;
    },
  };
}

export interface KeptReadModels {
  /** Resolved when all have stopped. */
  readonly ended: Promise<void>;
  /** Ends after the batches under way. */
  stop(): Promise<void>;
}
