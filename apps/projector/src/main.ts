import {
  eventRegistry,
  migrateReadModel,
  projections,
  streamPrefixes,
  summaries,
} from '#application/context';
import { createLogger, environmentWithStores, onShutdown, readConnectedConfig, tellReady } from '#process';
import { EventStore, Projectors } from '#event-sourcing';

/** Keeps every projection in step with the event store until told to stop. */
async function main(): Promise<void> {
  const config = readConnectedConfig(await environmentWithStores(process.env));
  const log = createLogger(config, 'projector');
  const store = EventStore.connect(config.EVENTSTOREDB_URL, eventRegistry);
  const projectors = new Projectors({
    databaseUrl: config.DATABASE_URL,
    store,
    projections,
    summaries,
    prefixes: streamPrefixes,
    log,
  });
  onShutdown(async () => {
    await projectors.stop();
    await store.close();
  });

  await migrateReadModel(config);
  projectors.start();
  tellReady();
}

main().catch(async (error: unknown) => {
  const { explain } = await import('#application');
  console.error(await explain(error));
  process.exit(1);
});
