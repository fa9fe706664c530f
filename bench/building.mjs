import { performance } from 'node:perf_hooks';
import { START } from '@eventstore/db-client';
import { streamPrefixes } from '#application';
import { caughtUp, rate } from './measure.mjs';
import { startProgram, stopProgram } from './program.mjs';

/**
 * Building every read model from nothing beside draining the same subscription through the stock client into nothing: events a
 * second of both, by round. A round's read models are made in a database of its own, which is dropped.
 */
export async function measureBuilding({ stores, store, client, events, settings, rounds }) {
  const [built, drained] = [[], []];
  for (let round = 0; round < rounds; round++) {
    drained.push(await rate(() => drainSubscription(client, events)));
    const database = `building_${round}`;
    const own = { ...settings, DATABASE_URL: await stores.postgres.ensureDatabase(database) };
    const projector = await startProgram('projector', own);
    const began = performance.now();
    await caughtUp(store, own.DATABASE_URL);
    built.push((events / (performance.now() - began)) * 1_000);
    await stopProgram(projector);
  }
  return { built, drained };
}

function drainSubscription(client, events) {
  return new Promise((resolve, reject) => {
    let count = 0;
    const window = { maxSearchWindow: 500, checkpointInterval: 1 };
    const filter = { filterOn: 'streamName', prefixes: [...streamPrefixes], ...window };
    const subscription = client.subscribeToAll({ fromPosition: START, filter });
    subscription.on('error', reject).on('data', () => {
      if (++count < events) return;
      void subscription.unsubscribe();
      resolve(count);
    });
  });
}
