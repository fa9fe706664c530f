// The node in a process of its own: `node event-store-node.mjs DATABASE_URL`. Prints its connection string; stops on SIGTERM.
import console from 'node:console';
import process from 'node:process';
import { startEventStoreNode } from '#embedded';

const node = await startEventStoreNode({ databaseUrl: process.argv[2] });
process.once('SIGTERM', () => node.stop());
console.log(node.connectionString);
