import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessTrail } from '../access/access-trail.js';
import type { Access } from '../access/list-accesses.js';
import { startAuditing, type Auditing } from '../testing/auditing.js';

describe('GET /audit/accesses', () => {
  let audit: Auditing;

  beforeAll(async () => {
    audit = await startAuditing();
    const trail = audit.app.get(AccessTrail);
    for (let entry = 0; entry < 10; entry++) {
      audit.clock.now = new Date(Date.UTC(2026, 0, 1 + entry));
      const id = await trail.begin(
        { id: `auditor-${entry % 2}`, roles: [] },
        { route: 'GET /api/v1/activities/:id/history', filters: { format: 'csv', entry } },
      );
      audit.clock.now = new Date(Date.UTC(2026, 0, 1 + entry, 1));
      if (entry !== 3)
        await trail.end(id, entry === 4 ? { outcome: 'cut-off' } : { outcome: 'complete', count: entry });
    }
    audit.clock.now = new Date(Date.UTC(2026, 1, 1));
  });
  afterAll(() => audit?.stop());

  const get = async (search: string) => {
    const { status, body } = await audit.get(`/audit/accesses${search}`, { 'X-Actor': 'auditor-9' });
    expect(status).toBe(200);
    return body as { items: Access[]; nextCursor: string | null };
  };
  const entries = (items: readonly Access[]) =>
    items.map(({ filters }) => (filters as { entry: number }).entry);

  it('shows who read what, when, and how it ended, newest first', async () => {
    const { items } = await get('?to=2026-01-06T00:00:00Z');
    expect(items).toHaveLength(5);
    expect(items[0]).toMatchObject({ outcome: 'cut-off', startedAt: '2026-01-05T00:00:00.000Z' });
    expect(items[1]).toEqual({
      id: expect.any(String),
      actor: 'auditor-1',
      route: 'GET /api/v1/activities/:id/history',
      filters: { format: 'csv', entry: 3 },
      startedAt: '2026-01-04T00:00:00.000Z',
      outcome: 'started',
    });
    expect(items[2]).toMatchObject({ outcome: 'complete', count: 2, endedAt: '2026-01-03T01:00:00.000Z' });
  });

  it('filters by who and when', async () => {
    const { items } = await get('?actor=auditor-1&from=2026-01-04T00:00:00Z&to=2026-01-08T00:00:00Z');
    expect(entries(items)).toEqual([5, 3]);
  });

  it('pages through all of it once, although each look adds to it', async () => {
    const seen: number[] = [];
    for (let search = '?limit=3'; ;) {
      const { items, nextCursor } = await get(search);
      seen.push(...entries(items.filter(({ actor }) => actor !== 'auditor-9')));
      if (nextCursor === null) break;
      search = `?limit=3&cursor=${nextCursor}`;
    }
    expect(seen).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('logs itself, before it answers', async () => {
    const { items } = await get('?limit=1&actor=auditor-9');
    expect(items).toMatchObject([
      { route: 'GET /api/v1/audit/accesses', filters: { limit: 1, actor: 'auditor-9' }, outcome: 'started' },
    ]);
  });

  it('is kept when the index is made anew', async () => {
    const [before] = await audit.dataSource.query<{ count: string }[]>('select count(*) from public.access');
    await audit.rebuild(10);
    expect(await audit.dataSource.query('select count(*) from public.access')).toEqual([before]);
  });

  it('is for those who say who they are, and names all that is wrong', async () => {
    expect((await audit.get('/audit/accesses')).body).toMatchObject({ status: 401, code: 'ActorMissing' });
    const { status, body } = await audit.get('/audit/accesses?cursor=x&limit=0&from=1', {
      'X-Actor': 'auditor-9',
    });
    expect(status).toBe(400);
    expect(new Set((body.errors as { pointer: string }[]).map(({ pointer }) => pointer))).toEqual(
      new Set(['/cursor', '/from', '/limit']),
    );
  });
});
