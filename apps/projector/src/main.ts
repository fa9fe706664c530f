import {
  createLogger,
  eventRegistry,
  explain,
  migrateReadModel,
  onShutdown,
  projections,
  readConnectedConfig,
  streamPrefixes,
  summaries,
  tellReady,
} from '#application';
import { EventStore, keepReadModels, type KeptReadModels } from '#event-sourcing';

/** Keeps every projection in step with the event store until told to stop. */
async function main(): Promise<void> {
  const config = readConnectedConfig(process.env);
  const log = createLogger(config, 'projector');
  const store = EventStore.connect(config.EVENTSTOREDB_URL, eventRegistry);
  let kept = undefined as KeptReadModels | undefined;
  onShutdown(async () => {
    await kept?.stop();
    await store.close();
  });

  await migrateReadModel(config);
  const databaseUrl = config.DATABASE_URL;
  kept = keepReadModels({ databaseUrl, store, projections, summaries, prefixes: streamPrefixes, log });
  tellReady();
  await kept.ended;
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
