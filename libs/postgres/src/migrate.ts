import type { DataSource } from 'typeorm';

const LOCK = "hashtext('migrations')";

/**
 * Brings the database up to the newest migration. Processes that start together take turns, so each migration runs once.
 * @returns the names of those that ran
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  if (!dataSource.isInitialized) await dataSource.initialize();
  // The lock belongs to a session, so it needs one that stays; the migrations run in another.
  const session = dataSource.createQueryRunner();
  try {
    await session.query(`select pg_advisory_lock(${LOCK})`);
    try {
      const done = await dataSource.runMigrations({ transaction: 'each' });
      return done.map(({ name }) => name);
    } finally {
      await session.query(`select pg_advisory_unlock(${LOCK})`);
    }
  } finally {
    await session.release();
  }
}
