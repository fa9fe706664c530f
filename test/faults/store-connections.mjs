// Stock clients in a process of their own: `node store-connections.mjs CONNECTION_STRING COUNT`.
// Gets appends, spreads their writers over the connections, and sends back what came of each.
import console from 'node:console';
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';

const [connectionString, count] = process.argv.slice(2);
// Clients of equal settings would share one connection.
const clients = Array.from({ length: Number(count) }, (_, n) =>
  EventStoreDBClient.connectionString(`${connectionString}&keepAliveInterval=${10_000 + n}`),
);

process.on('message', async (message) => {
  if (message === 'over') return sendAllHeard();
  const { writer, append } = message;
  const { stream, events, expectedRevision } = append;
  const client = clients[writer % clients.length];
  const outcome = await client.appendToStream(stream, events, { expectedRevision }).then(
    (answer) => ({ answer }),
    (error) => ({ failure: { type: error.type, message: error.message } }),
  );
  process.send({ writer, outcome });
});

/** The store has ended: what it sent lies in the sockets, which are read in the next turns. */
async function sendAllHeard() {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  process.send('heard');
}

// When one connection fails, the client rejects what is pending on all of them and forgets it; an answer that another
// connection still receives then makes it throw. That is why these clients have a process of their own.
process.on('uncaughtException', (error) => {
  if (error instanceof TypeError && error.stack.includes('batchAppend')) return;
  console.error(error);
  process.exit(1);
});
