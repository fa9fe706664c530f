// The event store node alone, over the PostgreSQL of DATABASE_URL, to be killed; tells its parent its address.
import console from 'node:console';
import process from 'node:process';
import { startEventStoreNode } from '#embedded';

process.on('disconnect', () => process.exit());
try {
  const { port } = await startEventStoreNode({ databaseUrl: process.env.DATABASE_URL, log: console.error });
  process.send({ url: `http://127.0.0.1:${port}` });
} catch (error) {
  console.error(error);
  process.exit(1);
}
