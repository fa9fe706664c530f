import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import { fields } from '../domain/testing/examples.js';
import { serveCommands, type CommandApi } from './testing/command-api.js';

let stores: TemporaryStores;
/** Two processes' worth of the application on the same store: neither knows what the other is about to write. */
let api: CommandApi;
let other: CommandApi;
const either = (n: number) => (n % 2 ? api : other);

beforeAll(async () => {
  stores = await startTemporaryStores();
  api = await serveCommands(stores.eventStoreUrl);
  other = await serveCommands(stores.eventStoreUrl);
});

afterAll(async () => {
  await api?.stop();
  await other?.stop();
  await stores?.stop();
});

describe('a retry', () => {
  it.each([
    ['plan', '', fields],
    ['log', '/log', { ...fields, participations: [{ total: 5 }] }],
    ['plan with a reference', '', { ...fields, reference: 'ACT.398' }],
  ])('of %s, 20 at once, happens once and answers the same', async (name, path, body) => {
    const key = { 'Idempotency-Key': `key of ${name}` };
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => either(n).post(path, body, key)));
    const seen = answers.map(({ status, headers, body }) => ({ status, etag: headers.etag, body }));
    expect(new Set(seen.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(seen[0]!.status).toBe(201);
    const events = await api.eventsOf(seen[0]!.body.id);
    expect(events.at(-1)!.revision).toBe(BigInt(seen[0]!.body.revision));
    expect(await api.post(path, { ...body, title: 'Another' }, key)).toMatchObject({
      status: 422,
      body: { code: 'IdempotencyKeyReused' },
    });
    expect(await api.eventsOf(seen[0]!.body.id)).toHaveLength(events.length);
  });

  it('of a new part answers the id that it was given first', async () => {
    const id = await api.logged();
    const key = { 'Idempotency-Key': 'part' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => either(n).post(`/${id}/participations`, { total: 5 }, key)),
    );
    const events = await api.eventsOf(id);
    expect(events).toHaveLength(2);
    const { participationId } = events[1]!.data as { participationId: string };
    for (const { status, body } of answers)
      expect({ status, ...body }).toMatchObject({ status: 201, participationId, revision: 1 });
    const other = await api.post(`/${id}/participations`, { total: 6 }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'IdempotencyKeyReused' } });
    const elsewhere = await api.post(`/${await api.logged()}/participations`, { total: 5 }, key);
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'IdempotencyKeyReused' } });
  });

  it("of someone else's key is a command of its own", async () => {
    const key = { 'Idempotency-Key': 'monday' };
    const mine = await api.post('', fields, key);
    const theirs = await api.post('', fields, { ...key, 'X-Actor': 'staff-2' });
    expect(theirs.body.id).not.toBe(mine.body.id);
  });
});

describe('200 commands at once', () => {
  it('on one activity, in two processes, without If-Match, are each applied once or refused with 409', async () => {
    const id = await api.logged();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => either(n).post(`/${id}/participations`, { total: n })),
    );
    const applied = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect(applied.length + refused.length).toBe(200);
    const events = await api.eventsOf(id);
    expect(events.map(({ revision }) => Number(revision))).toEqual(
      Array.from({ length: applied.length + 1 }, (_, revision) => revision),
    );
    const ids = events.slice(1).map(({ data }) => (data as { participationId: string }).participationId);
    expect(new Set(ids)).toEqual(new Set(applied.map(({ body }) => body.participationId)));
    expect(ids).toHaveLength(applied.length);
  });
});
