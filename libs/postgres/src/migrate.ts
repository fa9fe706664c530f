import type { DataSource } from 'typeorm';

const LOCK = "hashtext('migrations')";

type Run = () => Promise<string[]>;

/**
 * Brings the database up to the newest migration. Processes that start together take turns, so each migration runs once.
 * @param around called only where there is something to run, with what runs it
 * @returns the names of those that ran
 */
export async function migrate(
  dataSource: DataSource,
  around: (run: Run) => Promise<string[]> = (run) => run(),
): Promise<string[]> {
  if (!dataSource.isInitialized) await dataSource.initialize();
  const run = async () => {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map(({ name }) => name);
  };
  // The lock belongs to a session, so it needs one that stays; the migrations run in another.
  const session = dataSource.createQueryRunner();
  try {
    await session.query(`select pg_advisory_lock(${LOCK})`);
    try {
      return (await dataSource.showMigrations()) ? await around(run) : [];
    } finally {
      await session.query(`select pg_advisory_unlock(${LOCK})`);
    }
  } finally {
    await session.release();
  }
}
