import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { finished } from 'node:stream/promises';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath, URL } from 'node:url';
import { jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { rate } from './measure.mjs';
import { peakMemory } from './memory.mjs';

const coop = fileURLToPath(new URL('../bin/coop.js', import.meta.url));

/** A table of `rows` activities, a delegation each, as profile `activities` reads it. `salt` makes other ones. */
export async function writeTable(folder, rows, salt) {
  const path = join(folder, `${salt}.csv`);
  const csv = stringify({ header: true });
  const written = finished(csv.pipe(createWriteStream(path)));
  for (let n = 0; n < rows; n++) {
    const day = `20${String(10 + (n % 15))}-${String(1 + (n % 12)).padStart(2, '0')}-${10 + (n % 18)}`;
    const row = {
      ...{ title: `Course ${n}`, kind: 'course', programme: 'ipcp', role: 'participant' },
      ...{ 'organiser.name': `Organiser ${n % 30}`, 'organiser.kind': 'ally', reference: `${salt}-${n}` },
      ...{ startsOn: day, endsOn: day, status: 'held', 'held.startsOn': day, 'held.endsOn': day },
      ...{ 'participation.country': 'AZ', 'participation.institution': `Institution ${n % 40}` },
      ...{ 'participation.total': 5 + (n % 40) },
    };
    if (!csv.write(row)) await once(csv, 'drain');
  }
  csv.end();
  await written;
  return path;
}

/** `coop import` of a table: rows a second, with the start of the program, and its most memory in bytes. */
export async function importTable(path, rows, settings) {
  let memory = 0;
  const { PATH, HOME } = process.env;
  const imported = await rate(async () => {
    const child = spawn(process.execPath, [coop, 'import', path, '--profile', 'activities'], {
      env: { PATH, HOME, ...settings },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const watch = setInterval(() => (memory = Math.max(memory, peakMemory(child.pid))), 200);
    const [status] = await once(child, 'exit');
    clearInterval(watch);
    if (status !== 0) throw new Error(`coop import ended with status ${status}`);
    return rows;
  });
  return { imported, memory };
}

/** Parsing the table and appending the events that its import stores, bare: rows a second. */
export async function parseAndAppend(path, rows, client, appends) {
  return rate(async () => {
    let next = 0;
    for await (const row of createReadStream(path).pipe(parse({ columns: true }))) void row;
    const write = async () => {
      for (let n = next++; n < appends.length; n = next++) {
        const events = appends[n].map((event) => jsonEvent({ ...event, id: randomUUID() }));
        await client.appendToStream(`bare-${randomUUID()}`, events, { expectedRevision: NO_STREAM });
      }
    };
    await Promise.all(Array.from({ length: 64 }, write));
    return rows;
  });
}

/** The events of each command since a position, as the import wrote them. */
export async function appendsSince(client, position) {
  const appends = new Map();
  for await (const { event } of client.readAll({ fromPosition: position })) {
    if (!/^(activity|command)-/.test(event.streamId)) continue;
    const { commandId } = event.metadata;
    const key = `${event.streamId} ${commandId}`;
    const { type, data, metadata } = event;
    appends.set(key, [...(appends.get(key) ?? []), { type, data, metadata }]);
  }
  return [...appends.values()];
}
