import { Client } from '#pg-client';
import { DataSource, type DataSourceOptions } from 'typeorm';

/**
 * The read model's database: entities describe it, migrations alone change it. Not yet connected: `initialize` does that.
 * @param url `postgresql://user:password@host:port/database`
 */
export function createDataSource(
  url: string,
  entities: DataSourceOptions['entities'],
  migrations: DataSourceOptions['migrations'],
): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    migrations,
    migrationsTableName: 'migration',
    synchronize: false,
    applicationName: 'cooperation',
    extra: { Client },
    // A server that went away is an error of the query under way, never of the process.
    poolErrorHandler: () => undefined,
  });
}
