// The embedded stores in a process of their own, to be killed: `node store-process.mjs DATA_DIR`.
// Prints one line of JSON when ready; logs to stderr; ends on SIGTERM, or when it loses its database.
import console from 'node:console';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { startEventStoreNode, startPostgres } from '#embedded';

const [dataDir] = process.argv.slice(2);
const log = (line) => console.error(line);

try {
  const postgres = await startPostgres({ dataDir, log, onLost: (error) => fail(error) });
  const node = await startEventStoreNode({ databaseUrl: await postgres.ensureDatabase('event_store'), log });
  process.once('SIGTERM', async () => {
    await node.stop();
    await postgres.stop();
  });
  const postmaster = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
  const { connectionString } = node;
  console.log(JSON.stringify({ connectionString, postgresPid: parseInt(postmaster, 10) }));
} catch (error) {
  fail(error);
}

function fail(error) {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
}
