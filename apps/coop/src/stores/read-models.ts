import type { INestApplicationContext } from '@nestjs/common';
import type { ConnectedConfig } from '#process';
import { EventStore, ProjectionPositions, Projectors, ReadModels } from '#event-sourcing';
import { CaughtUp } from '#http';
import { withApplication } from './connect.js';

/** Milliseconds: the rows of everything imported may still have to be made. */
const WAIT = 10 * 60 * 1_000;
/** After how many milliseconds it is told what is waited for, and then again. */
const TOLD = [2_000, 30_000, 60_000, 120_000, 240_000] as const;

/**
 * As withApplication, with the read models up to date and kept so: there may be no instance running that does. Where one is, its
 * projectors lead and these wait for nothing. One that is paused is not waited for: what it lacks is said in the log.
 */
export function withReadModels<Result>(
  work: (application: INestApplicationContext, config: ConnectedConfig) => Promise<Result>,
): Promise<Result> {
  return withApplication(async (application, config, log) => {
    const { DATABASE_URL: databaseUrl } = config;
    const { projections, summaries, streamPrefixes: prefixes } = application.get<ReadModels>(ReadModels);
    const store = application.get(EventStore);
    const caughtUp = application.get<CaughtUp>(CaughtUp);
    const positions = application.get(ProjectionPositions);
    const projectors = new Projectors({ databaseUrl, store, projections, summaries, prefixes, log });
    projectors.start();
    try {
      const head = await caughtUp.head();
      const upToDate = async (name: string) => {
        const timers = TOLD.map((after) =>
          setTimeout(
            () =>
              log.warn(`waiting until the projection ${name} has come to ${head}: see coop projections list`),
            after,
          ),
        );
        const lack = await Promise.race([
          caughtUp.whenCaughtUp(name, head, WAIT).then((reached) => (reached ? undefined : 'behind')),
          positions.whenPaused(name).then(() => 'paused'),
        ]);
        timers.forEach(clearTimeout);
        if (lack)
          log.warn(
            `the projection ${name} is ${lack}, what follows lacks the newest: see coop projections list`,
          );
      };
      await Promise.all(projections.map(({ name }) => upToDate(name)));
      return await work(application, config);
    } finally {
      await projectors.stop();
    }
  });
}
