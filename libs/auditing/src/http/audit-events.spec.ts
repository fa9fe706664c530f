import { get as httpGet, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailable, type StoredEvent } from '#event-sourcing';
import type { AuditEvent } from '../feed/audit-event.js';
import { AuditFeed } from '../feed/audit-feed.js';
import { startAuditing, until, type Auditing } from '../testing/auditing.js';

const auditor = { 'X-Actor': 'auditor-1' };
const EVENTS = '/audit/events';
const SIZE = 5_000;

describe('GET /audit/events', () => {
  let audit: Auditing;
  let stored: StoredEvent[];

  beforeAll(async () => {
    audit = await startAuditing();
    await audit.recordHistory(4, 4);
    stored = await audit.stored();
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => audit?.stop());

  const get = (search: string, headers = {}) => audit.get(`${EVENTS}${search}`, { ...auditor, ...headers });

  /** The newest entries of the access trail, once the newest has ended. */
  async function accesses(count: number) {
    const read = () =>
      audit.dataSource.query<
        { actor: string; route: string; filters: object; outcome: string; count: string | null }[]
      >('select actor, route, filters, outcome, count from public.access order by id desc limit $1', [count]);
    await until(async () => (await read())[0]?.outcome !== 'started');
    return read();
  }

  /** An answer of which nothing is read until its reader asks. */
  async function open(search: string): Promise<IncomingMessage> {
    const { port } = (audit.app.getHttpServer() as Server).address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/api/v1${EVENTS}${search}`;
    return new Promise((resolve, reject) => httpGet(url, { headers: auditor }, resolve).on('error', reject));
  }

  /** In place of what is stored: events without end, each before which `before` is called. */
  function giveEvents(before: () => void) {
    const ended = { value: false };
    jest.spyOn(audit.app.get(AuditFeed), 'events').mockImplementation(async function* () {
      try {
        for (let position = 0; ; position++) {
          before();
          yield { position: String(position), data: 'x'.repeat(SIZE) } as AuditEvent;
        }
      } finally {
        ended.value = true;
      }
    });
    return ended;
  }

  it('gives a page of 50 and a link to the next', async () => {
    const { status, headers, body } = await get('?type=CommandIdTaken&limit=3');
    expect(status).toBe(200);
    expect(body.items).toHaveLength(3);
    expect(body.nextCursor).toBe(body.items[2].position);
    expect(headers.link).toBe(
      `</api/v1/audit/events?type=CommandIdTaken&limit=3&after=${body.nextCursor}>; rel="next"`,
    );
    expect((await get('')).body.items).toHaveLength(50);
  });

  it('gives no link after the last page', async () => {
    const { headers, body } = await get(`?after=${stored.at(-3)!.position}&limit=2`);
    expect(body.nextCursor).toBeNull();
    expect(headers).not.toHaveProperty('link');
    expect((await get(`?after=${stored.at(-1)!.position}`)).body).toEqual({ items: [], nextCursor: null });
  });

  describe('as x-ndjson', () => {
    it('gives everything and then how much it was', async () => {
      const { status, headers, text } = await get('', { Accept: 'application/x-ndjson' });
      expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.pop()).toEqual({ count: stored.length, lastPosition: String(stored.at(-1)!.position) });
      expect(lines.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
      const { body } = await get('?limit=20');
      expect(lines.slice(0, 20)).toEqual(body.items);
    });

    it('keeps to a limit that is given, and counts nothing when there is nothing', async () => {
      const limited = await get('?format=ndjson&limit=2');
      expect(JSON.parse(limited.text.split('\n')[2]!)).toMatchObject({ count: 2 });
      expect((await get('?format=ndjson&type=Nothing')).text).toBe('{"count":0,"lastPosition":null}\n');
    });

    it('cuts the connection without a count when it fails half-way, and logs that', async () => {
      let left = 5_000;
      giveEvents(() => {
        if (left-- === 0) throw new Error('gone');
      });
      const response = await open('?format=ndjson');
      expect(response.statusCode).toBe(200);
      await expect(text(response)).rejects.toThrow('aborted');
      expect((await accesses(1))[0]).toMatchObject({ outcome: 'cut-off', count: '5000' });
    });

    it('answers a problem when it fails at once', async () => {
      jest.spyOn(audit.store, 'allFrom').mockRejectedValue(new StoreUnavailable('gone'));
      const { status, body } = await get('?format=ndjson');
      expect([status, body.code]).toEqual([503, 'StoreUnavailable']);
      expect((await accesses(1))[0]).toMatchObject({ outcome: 'cut-off', count: '0' });
    });

    it('reads no further than a reader takes, stops when the reader goes, and logs that', async () => {
      let given = 0;
      const ended = giveEvents(() => given++);
      /** Nothing is asked for any more, in many turns. */
      const settled = async () => {
        for (let before = -1, turns = 0; turns < 5_000; turns++) {
          if (given !== before) turns = 0;
          before = given;
          await new Promise(setImmediate);
        }
      };
      const response = await open('?format=ndjson');
      await settled();
      // What fits between the two ends was taken, and no more.
      const full = given;
      expect(full * SIZE).toBeLessThan(16 * 1024 * 1024);
      response.resume();
      await until(() => given > full * 2);
      response.pause();
      await settled();
      expect(ended.value).toBe(false);
      response.destroy();
      await until(() => ended.value);
      expect((await accesses(1))[0]).toMatchObject({ outcome: 'cut-off' });
    });
  });

  it('gives a batch of CloudEvents 1.0', async () => {
    const { status, headers, text } = await get('?limit=40', {
      Accept: 'application/cloudevents-batch+json',
    });
    expect([status, headers['content-type']]).toEqual([
      200,
      'application/cloudevents-batch+json; charset=utf-8',
    ]);
    expect(headers.link).toContain('rel="next"');
    const events = JSON.parse(text) as Record<string, unknown>[];
    expect(events.map(({ id }) => id)).toEqual(stored.slice(0, 40).map(({ id }) => id));
    for (const [index, { data, ...attributes }] of events.entries()) {
      const event = stored[index]!;
      expect(data).toEqual(event.data);
      // CloudEvents 1.0, 3.1: names of lower-case letters and digits; no value is null, or anything but a plain one.
      for (const [name, value] of Object.entries(attributes)) {
        expect(name).toMatch(/^[a-z0-9]{1,20}$/);
        expect(['string', 'boolean', 'number']).toContain(typeof value);
        if (typeof value === 'number') expect(Math.abs(value)).toBeLessThan(2 ** 31);
      }
      for (const name of ['id', 'source', 'type', 'subject', 'time']) expect(attributes[name]).not.toBe('');
      expect(attributes).toMatchObject({
        specversion: '1.0',
        source: 'urn:coop:events',
        type: event.type,
        subject: event.stream,
        time: event.metadata.recordedAt,
        datacontenttype: 'application/json',
        position: String(event.position),
        revision: Number(event.revision),
        actor: event.metadata.actor!.id,
        hash: event.metadata.hash,
      });
    }
    expect(new Set(events.map(({ id, source }) => `${source} ${id}`)).size).toBe(40);
  });

  it('takes the form from `format` before Accept, and names those it has', async () => {
    const { headers } = await get('?format=json', { Accept: 'application/x-ndjson' });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    const { status, body } = await get('', { Accept: 'text/html' });
    expect([status, body.code]).toEqual([406, 'FormatNotOffered']);
    expect(body.detail).toContain('application/x-ndjson');
  });

  it('is for those who say who they are', async () => {
    const { status, body } = await audit.get(EVENTS);
    expect([status, body.code]).toEqual([401, 'ActorMissing']);
  });

  it('names all that is wrong with a question at once', async () => {
    const { status, body } = await get(
      '?after=x&limit=501&from=yesterday&to=2026-13-01T00:00:00Z&stream=&format=pdf&colour=1',
    );
    expect([status, body.code]).toEqual([400, 'Invalid']);
    expect(new Set((body.errors as { pointer: string }[]).map(({ pointer }) => pointer))).toEqual(
      new Set(['/after', '/limit', '/from', '/to', '/stream', '/format', '/colour']),
    );
    const turned = await get('?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z');
    expect([turned.status, turned.body.errors[0].pointer]).toEqual([400, '/to']);
  });

  it('logs who read what, and how much', async () => {
    await get('?type=CommandIdTaken&limit=3');
    expect(await accesses(1)).toEqual([
      {
        actor: 'auditor-1',
        route: 'GET /api/v1/audit/events',
        filters: { type: 'CommandIdTaken', limit: 3, format: 'json' },
        outcome: 'complete',
        count: '3',
      },
    ]);
    await get('?format=ndjson');
    expect(await accesses(1)).toMatchObject([{ outcome: 'complete', count: String(stored.length) }]);
  });

  it('shows nothing when that cannot be logged', async () => {
    await audit.dataSource.query('alter table public.access rename to elsewhere');
    const { status, body, headers } = await get('');
    await audit.dataSource.query('alter table public.elsewhere rename to access');
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'AccessNotLogged', '2']);
    expect(body).not.toHaveProperty('items');
  });

  it('misses nothing: the last page waits for the index, and says so when that does not come', async () => {
    await audit.stopProjectors();
    await audit.recordHistory(5, 1);
    const last = `?after=${stored.at(-3)!.position}`;
    for (const search of [last, `${last}&from=2000-01-01T00:00:00Z`]) {
      const { status, body } = await get(search);
      expect([search, status, body.code]).toEqual([search, 503, 'NotCaughtUp']);
    }
    // Full already, whatever else there is.
    expect((await get('')).body.items).toHaveLength(50);
    audit.startProjectors();
    const { body: rest } = await get(`${last}&limit=500`);
    const all = await audit.stored();
    expect(rest.items.map(({ position }: { position: string }) => position)).toEqual(
      all.slice(stored.length - 2).map(({ position }) => String(position)),
    );
    const { text } = await get('?format=ndjson');
    expect(JSON.parse(text.trimEnd().split('\n').at(-1)!)).toMatchObject({
      count: all.length,
    });
  });
});
