export { startEventStoreNode, type EventStoreNode, type EventStoreNodeOptions } from './event-store-node.js';
export { makeDataFolder, NotAFolderError } from './postgres/data-folder.js';
export { keepPostgres } from './postgres/keep-postgres.js';
export { DataFolderInUseError } from './postgres/ownership.js';
export { startPostgres, type Postgres, type PostgresOptions } from './postgres/start-postgres.js';
export { startTemporaryStores, type TemporaryStores } from './temporary-stores.js';
export { DatabaseInUseError, StorageUnavailable } from './storage/errors.js';
