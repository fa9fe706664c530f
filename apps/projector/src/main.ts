import {
  createLogger,
  eventRegistry,
  explain,
  migrateReadModel,
  onShutdown,
  projections,
  readConnectedConfig,
  streamPrefixes,
  tellReady,
} from '#application';
import { EventStore, Projector } from '#event-sourcing';

/** Keeps every projection in step with the event store until told to stop. */
async function main(): Promise<void> {
  const config = readConnectedConfig(process.env);
  const log = createLogger(config, 'projector');
  const store = EventStore.connect(config.EVENTSTOREDB_URL, eventRegistry);
  const projectors = projections.map(
    (projection) =>
      new Projector({ databaseUrl: config.DATABASE_URL, store, projection, prefixes: streamPrefixes, log }),
  );
  let runs: Promise<void>[] = [];
  onShutdown(async () => {
    await Promise.all(projectors.map((projector) => projector.stop()));
    await Promise.all(runs);
    await store.close();
  });

  await migrateReadModel(config);
  runs = projectors.map((projector) => projector.run());
  tellReady();
  await Promise.all(runs);
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
