import { setTimeout as rest } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { eventRegistry } from '#application';
import { COMMAND_STREAM_PREFIX, EventStore, type StoredEvent } from '#event-sourcing';
import { api } from '../../support/http.js';
import type { Acknowledged } from './load.js';

/** Every event of the store belongs to an acknowledged command, which has those it asked for, once, where its answer says. */
export async function expectEachOnce(storeUrl: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  const stored = new Map<string, StoredEvent[]>();
  const store = EventStore.connect(storeUrl, eventRegistry);
  for (let position = -1n; ;) {
    const page = await store.readAfter(position, 1_000);
    if (page.length === 0) break;
    for (const event of page) {
      position = event.position;
      if (event.type.startsWith('$') || event.stream.startsWith(COMMAND_STREAM_PREFIX)) continue;
      const command = event.metadata.$correlationId!;
      stored.set(command, [...(stored.get(command) ?? []), event]);
    }
  }
  await store.close();
  expect([...stored.keys()].sort()).toEqual(acknowledged.map(({ key }) => key).sort());
  for (const { key, answer, types } of acknowledged) {
    const events = stored.get(key)!;
    const { stream, revision, position } = events.at(-1)!;
    expect([key, events.map(({ type }) => type)]).toEqual([key, types]);
    const { id } = answer;
    expect([stream, Number(revision), String(position)]).toEqual([
      ...[`activity-${id}`, answer.revision, answer.position],
    ]);
  }
}

/**
 * Waits until each API says that every projection runs and has applied everything.
 * @throws Error with what the last one said when that takes longer than `patience` milliseconds
 */
export async function allApplied(urls: readonly string[], patience: number): Promise<void> {
  interface Ready {
    readonly status: string;
    readonly projections: readonly { readonly lagEvents: number }[];
  }
  const giveUp = performance.now() + patience;
  for (const url of urls) {
    for (let last = ''; ; await rest(50)) {
      if (performance.now() > giveUp) throw new Error(`not everything is applied: ${last}`);
      last = (await (await fetch(`${url}/health/ready`).catch(() => undefined))?.text()) ?? '';
      const { status, projections } = JSON.parse(last || '{"projections":[]}') as Ready;
      if (status === 'ok' && projections.every(({ lagEvents }) => lagEvents === 0)) break;
    }
  }
}

/** What an auditor is told: every hash and every row is as a replay has it. */
export async function expectIntact(url: string): Promise<void> {
  const auditor = api(url, 'auditor-1');
  const { headers } = await auditor.post('/audit/verifications', {}).expect(202);
  for (; ; await rest(100)) {
    const { body } = await auditor.get(headers['location']!.replace('/api/v1', '')).expect(200);
    if (body.state === 'running') continue;
    const { result } = body;
    expect(result).toMatchObject({ intact: true, faults: [], skipped: [], rowsPosition: result.position });
    return;
  }
}
