import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { StoredEvent } from '#event-sourcing';
import { idOf, random } from '#testing';
import { binaryEvent } from '@eventstore/db-client';
import { startAuditing, type Auditing } from '../testing/auditing.js';
import type { AuditEvent } from './audit-event.js';
import { AuditFeed } from './audit-feed.js';

const auditor = { 'X-Actor': 'auditor-1' };

describe('the audit feed', () => {
  let audit: Auditing;
  let stored: StoredEvent[];

  beforeAll(async () => {
    audit = await startAuditing();
    await audit.recordHistory(1, 6);
    stored = await audit.stored();
  });
  afterAll(() => audit?.stop());

  const get = async (query: Readonly<Record<string, string | number | undefined>>) => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
    const { status, body } = await audit.get(`/audit/events?${search}`, auditor);
    expect(status).toBe(200);
    return body as { items: AuditEvent[]; nextCursor: string | null };
  };

  /** Every page from the first. */
  async function pages(query: Readonly<Record<string, string | number | undefined>>): Promise<AuditEvent[]> {
    const items: AuditEvent[] = [];
    for (let after: string | undefined; ;) {
      const page = await get({ ...query, after });
      items.push(...page.items);
      if (page.nextCursor === null) return items;
      after = page.nextCursor;
    }
  }

  const positions = (items: readonly { position: bigint | string }[]) =>
    items.map(({ position }) => String(position));

  it('shows every event of every context as the store has it', async () => {
    const items = await pages({ limit: 37 });
    expect(items).toEqual(
      stored.map(({ position, stream, revision, id, type, data, metadata }) => ({
        position: String(position),
        stream,
        revision: Number(revision),
        id,
        type,
        data,
        schemaVersion: metadata.schemaVersion,
        recordedAt: metadata.recordedAt,
        actor: metadata.actor,
        ...(metadata.reason === undefined ? {} : { reason: metadata.reason }),
        commandId: metadata.commandId,
        commandHash: metadata.commandHash,
        correlationId: metadata.$correlationId,
        causationId: metadata.$causationId,
        hash: metadata.hash,
        ...(metadata.previousHash === undefined ? {} : { previousHash: metadata.previousHash }),
      })),
    );
    expect(new Set(items.map(({ stream }) => stream.split('-')[0])).size).toBe(6);
  });

  it('filters as one would filter the store by hand, whatever is combined', async () => {
    const next = random(7);
    const any = () => stored[next(stored.length)]!;
    let found = 0;
    for (let turn = 0; turn < 60; turn++) {
      const event = any();
      const times = [any(), any()].map(({ metadata }) => metadata.recordedAt!).sort();
      const asked = {
        stream: next(3) ? undefined : event.stream,
        type: next(2) ? undefined : event.type,
        actor: next(2) ? undefined : event.metadata.actor!.id,
        from: next(2) ? undefined : times[0],
        to: next(2) ? undefined : times[1],
      };
      const expected = stored.filter(
        ({ stream, type, metadata }) =>
          (asked.stream ?? stream) === stream &&
          (asked.type ?? type) === type &&
          (asked.actor ?? metadata.actor!.id) === metadata.actor!.id &&
          (asked.from === undefined || metadata.recordedAt! >= asked.from) &&
          (asked.to === undefined || metadata.recordedAt! < asked.to),
      );
      found += expected.length;
      expect([asked, positions(await pages({ ...asked, limit: 1 + next(40) }))]).toEqual([
        asked,
        positions(expected),
      ]);
    }
    expect(found).toBeGreaterThan(500);
  });

  it('takes a time in any offset', async () => {
    const { recordedAt } = stored[Math.floor(stored.length / 2)]!.metadata;
    const inBaku = new Date(Date.parse(recordedAt!) + 4 * 3_600_000).toISOString().replace('Z', '+04:00');
    expect(positions(await pages({ from: inBaku, limit: 500 }))).toEqual(
      positions(await pages({ from: recordedAt, limit: 500 })),
    );
  });

  it('pages through all that was there exactly once while others write', async () => {
    const before = positions(await audit.stored());
    const writing = audit.recordHistory(2, 2);
    const seen = positions(await pages({ limit: 11 }));
    await writing;
    const after = positions(await audit.stored());
    expect(seen.slice(0, before.length)).toEqual(before);
    expect(seen).toEqual(after.slice(0, seen.length));
  });

  it('ends where the store stood when it was asked for', async () => {
    const feed = audit.app.get(AuditFeed);
    const before = positions(await audit.stored());
    const head = await feed.head();
    const seen: AuditEvent[] = [];
    for await (const event of feed.events({}, head)) {
      if (seen.push(event) === 5) await audit.recordHistory(3, 1);
    }
    expect(positions(seen)).toEqual(before);
  });

  it('reads the events of a stream together, however far apart they lie', async () => {
    const ofStream = (stream: string) => stored.filter((event) => event.stream === stream);
    const [events] = stored
      .map(({ stream }) => ofStream(stream))
      .sort((one, other) => other.length - one.length) as [StoredEvent[]];
    const { stream } = events[0]!;
    const single = jest.spyOn(audit.store, 'allFrom');
    const together = jest.spyOn(audit.store, 'streamFrom');
    expect(positions(await pages({ stream, limit: 500 }))).toEqual(positions(events));
    expect([events.length > 5, single.mock.calls.length, together.mock.calls.length]).toEqual([true, 0, 1]);
    jest.restoreAllMocks();
  });

  describe('of what this program did not write', () => {
    const stream = `activity-${idOf('elsewhere')}`;
    const find = async (id: string) => (await pages({ stream })).find((item) => item.id === id);

    it('shows an event of an unknown type with its data as they are', async () => {
      const id = randomUUID();
      const metadata = {
        actor: { id: 'robot-1', roles: [] },
        recordedAt: '2026-02-01T00:00:00.000Z',
        schemaVersion: 9,
      };
      await audit.append(stream, { id, type: 'ActivityDreamtOf', data: { colour: 'blue' }, metadata });
      expect(await find(id)).toMatchObject({
        type: 'ActivityDreamtOf',
        schemaVersion: 9,
        recordedAt: '2026-02-01T00:00:00.000Z',
        actor: { id: 'robot-1' },
        data: { colour: 'blue' },
      });
      expect(positions(await pages({ actor: 'robot-1' }))).toHaveLength(1);
    });

    it('shows an event without metadata, recorded when the store took it in', async () => {
      const id = randomUUID();
      await audit.append(stream, { id, type: 'ActivityPlanned', data: {} });
      const created = (await audit.stored()).find((event) => event.id === id)!.created.toISOString();
      expect(await find(id)).toEqual({
        position: expect.any(String),
        stream,
        revision: 1,
        id,
        type: 'ActivityPlanned',
        recordedAt: created,
        data: {},
      });
    });

    it('shows what is not JSON in Base64', async () => {
      const id = randomUUID();
      const bytes = Buffer.of(0, 255, 7);
      await audit.store.client.appendToStream(stream, binaryEvent({ id, type: 'Scanned', data: bytes }));
      expect(await find(id)).toMatchObject({ dataBase64: bytes.toString('base64') });
    });

    it('shows an event of a deleted stream, since it is in the record still', async () => {
      const stream = `command-${idOf('1 0')}`;
      const before = await pages({ stream });
      await audit.store.client.deleteStream(stream);
      expect(await pages({ stream })).toEqual(before);
    });

    it('says so where the store has an event no more, and goes on', async () => {
      const [one, ...rest] = stored;
      const id = randomUUID();
      await audit.dataSource.query(
        `insert into audit.event (id, stream, revision, type, actor, recorded_at, created, hash, from_position, to_position)
         select $1, 'goal-gone', 4, 'GoalSet', 'staff-9', '2026-03-01T00:00:00.000Z', created, 'ab', from_position + 1, to_position
         from audit.event where id = $2`,
        [id, one!.id],
      );
      const items = await pages({ to: '2026-03-02T00:00:00Z', limit: 500 });
      await audit.dataSource.query('delete from audit.event where id = $1', [id]);
      expect(items[1]).toEqual({
        position: String(one!.position + 1n),
        stream: 'goal-gone',
        revision: 4,
        id,
        type: 'GoalSet',
        recordedAt: '2026-03-01T00:00:00.000Z',
        actor: { id: 'staff-9', roles: [] },
        hash: 'ab',
        missing: true,
      });
      expect(positions(items.slice(2, rest.length + 2))).toEqual(positions(rest));
    });
  });
});
