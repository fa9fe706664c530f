import { startPostgres, type Postgres, type PostgresOptions } from './start-postgres.js';

const FIRST_REST = 100;
const LONGEST_REST = 5_000;

/**
 * As startPostgres, and starts the server again whenever it is gone, at the same port, however long that takes: its clients find
 * the way back by themselves. A disk that was full is what it may have to wait for.
 * @param options `onLost` is called when it cannot be had at the same port any more
 */
export async function keepPostgres(options: PostgresOptions): Promise<Postgres> {
  const { log = () => undefined, onLost } = options;
  let lose: () => void;
  const start = (port?: number) => {
    const lost = new Promise<void>((resolve) => (lose = resolve));
    return startPostgres({ ...options, port, onLost: () => lose() }).then((postgres) => ({ postgres, lost }));
  };
  let current = await start();
  const { port } = current.postgres;
  let isOver = false;
  /** The start under way, if the server has ended. */
  let restarting: Promise<void> = Promise.resolve();
  let wake: () => void = () => undefined;
  const rest = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const restarted = async (): Promise<void> => {
    for (let pause = FIRST_REST; !isOver; pause = Math.min(2 * pause, LONGEST_REST)) {
      try {
        current = await start(port);
        return;
      } catch (error) {
        log(`PostgreSQL does not start, trying again in ${pause} ms: ${(error as Error).message}`);
        await rest(pause);
      }
    }
  };
  const keep = async (): Promise<void> => {
    for (;;) {
      await current.lost;
      if (isOver) return;
      log('PostgreSQL stopped or was killed, starting it again');
      await (restarting = restarted());
      if (isOver) return;
      if (current.postgres.port !== port) {
        onLost?.(new Error(`PostgreSQL is back, but port ${port} was taken meanwhile`));
        return;
      }
    }
  };
  const kept = keep();

  return {
    port,
    url: (database) => current.postgres.url(database),
    async ensureDatabase(database) {
      await restarting;
      return current.postgres.ensureDatabase(database);
    },
    async stop() {
      isOver = true;
      lose();
      wake();
      await kept;
      await current.postgres.stop();
    },
  };
}
