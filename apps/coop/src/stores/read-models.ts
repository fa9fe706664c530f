import type { INestApplicationContext } from '@nestjs/common';
import { EventStore, keepReadModels, ReadModels } from '#event-sourcing';
import { CaughtUp } from '#http';
import { withApplication } from './connect.js';

/** Milliseconds: the rows of everything imported may still have to be made. One that is paused is not waited for longer. */
const WAIT = 10 * 60 * 1_000;

/**
 * As withApplication, with the read models up to date and kept so: there may be no instance running that does. Where one is, its
 * projectors lead and these wait for nothing.
 */
export function withReadModels<Result>(
  work: (application: INestApplicationContext) => Promise<Result>,
): Promise<Result> {
  return withApplication(async (application, { DATABASE_URL: databaseUrl }, log) => {
    const { projections, summaries, streamPrefixes: prefixes } = application.get<ReadModels>(ReadModels);
    const store = application.get(EventStore);
    const caughtUp = application.get<CaughtUp>(CaughtUp);
    const kept = keepReadModels({ databaseUrl, store, projections, summaries, prefixes, log });
    try {
      const head = await caughtUp.head();
      await Promise.all(projections.map(({ name }) => caughtUp.whenCaughtUp(name, head, WAIT)));
      return await work(application);
    } finally {
      await kept.stop();
    }
  });
}
