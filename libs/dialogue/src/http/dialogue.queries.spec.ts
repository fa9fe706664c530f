import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AggregatesModule } from '#aggregates';
import { idOf, serve, startReadModel, storesOf, type ReadModel } from '#testing';
import { dialogueContext } from '../context.js';
import { DialogueModule } from '../dialogue.module.js';
import { dialogueStream, type DialogueEvent } from '../domain/events.js';
import type { DialogueFields } from '../domain/fields.js';

const NOW = '2026-06-01T12:00:00.000Z';
const EARLY = '2026-01-05T10:00:00.000Z';
const fields: DialogueFields = {
  title: 'Staff talks',
  format: 'staff-talks',
  date: '2026-03-02',
  topics: [],
  sources: [],
};

describe('queries on dialogue sessions', () => {
  let model: ReadModel;
  let served: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    model = await startReadModel(dialogueContext);
    model.startProjectors();
    served = await serve([AggregatesModule, DialogueModule], storesOf(model), () => new Date(NOW));
  });
  afterAll(async () => {
    await served?.stop();
    await model?.stop();
  });

  const record = (name: string, recordedAt: string, ...events: DialogueEvent[]) =>
    model.record(dialogueStream(idOf(name)), events, recordedAt);
  const scheduled = (changes: Partial<DialogueFields>): DialogueEvent => ({
    type: 'DialogueSessionScheduled',
    data: { ...fields, ...changes },
  });
  const get = (url: string) => served.get(`/dialogue-sessions${url}`);
  const titles = async (query: string) => {
    const { status, body } = await get(`?${query}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return (body.items as { title: string }[]).map(({ title }) => title);
  };

  it('finds by each filter what passes it, and only that', async () => {
    const cycleId = idOf('cycle');
    await record(
      'f1',
      EARLY,
      scheduled({
        title: 'Überblick',
        format: 'eapc',
        level: 'minister',
        date: '2001-02',
        counterpart: 'Secretariat',
        place: { city: 'Bakı' },
        topics: ['Regional security', 'Reform'],
        cycleId,
      }),
    );
    const held = { date: '2001-12-30', endDate: '2002-01-02' };
    await record('f2', EARLY, {
      type: 'DialogueSessionLogged',
      data: { ...fields, title: '100% expert', level: 'expert', date: '2002', held },
    });
    await record('f3', EARLY, scheduled({ title: 'by mistake', date: '2001-07' }), {
      type: 'DialogueSessionWithdrawn',
      data: { reason: 'entered twice' },
    });
    await model.projected();
    const [first, second] = [['Überblick'], ['100% expert']];
    expect(await titles('year=2001')).toEqual([...first, ...second]);
    expect(await titles('year=2001&sort=-date')).toEqual([...second, ...first]);
    expect(await titles('year=2001&sort=recordedAt')).toHaveLength(2);
    expect(await titles('from=2001-02-01&to=2001-02-28')).toEqual(first);
    expect(await titles('from=2001-02-02&to=2001-11-30')).toEqual([]);
    expect(await titles('format=eapc')).toEqual(first);
    expect(await titles('level=minister')).toEqual(first);
    expect(await titles('status=held')).toEqual(second);
    expect(await titles('status=withdrawn')).toEqual(['by mistake']);
    expect(await titles('topic=regional%20SECURITY')).toEqual(first);
    expect(await titles('topic=regional')).toEqual([]);
    expect(await titles('q=uber%20secret%20reform')).toEqual(first);
    expect(await titles('q=%25')).toEqual(second);
    expect(await titles(`cycleId=${cycleId}`)).toEqual(first);
    const page = await get('?year=2001&total=true&limit=1');
    expect(page.body).toMatchObject({ total: 2, items: [{ topics: ['Regional security', 'Reform'] }] });
    expect((await get(`?year=2001&limit=1&cursor=${page.body.nextCursor}`)).body.items).toMatchObject([
      { date: '2002', held, status: 'held', recordedAt: EARLY },
    ]);
  });

  it('lists what was known at a past time or position, with what was withdrawn since', async () => {
    const first = await record(
      'past',
      '2026-02-02T00:00:00.000Z',
      scheduled({ title: 'past', date: '2011' }),
    );
    await record('past', '2026-02-03T00:00:00.000Z', {
      type: 'DialogueSessionWithdrawn',
      data: { reason: 'r' },
    });
    await model.projected();
    expect(await titles('year=2011')).toEqual([]);
    expect(await titles('year=2011&asOf=2026-02-02T23:59:59Z')).toEqual(['past']);
    expect(await titles(`year=2011&asOfPosition=${first}`)).toEqual(['past']);
  });

  it('shows one session, its past and its history at once, from its events', async () => {
    const at = (day: number) => `2026-03-0${day}T00:00:00.000Z`;
    const followUpId = idOf('task');
    const agreed = { followUpId, text: 'Draft', owner: 'Academy', dueOn: '2026-03' };
    await record('one', at(1), scheduled({ level: 'expert' }));
    await record('one', at(2), { type: 'DialogueSessionHeld', data: { date: '2026-03-02' } });
    await record('one', at(3), {
      type: 'MinutesRecorded',
      data: { summary: 'Agreed.', decisions: ['Draft'], reason: 'r' },
    });
    await record('one', at(4), { type: 'FollowUpAgreed', data: agreed });
    await record('one', at(5), {
      type: 'FollowUpCompleted',
      data: { followUpId, on: '2026-03-05', note: 'sent' },
    });
    const id = idOf('one');
    const now = await get(`/${id}`);
    expect(now.headers.etag).toBe('"4"');
    expect(now.body).toEqual({
      id,
      status: 'minuted',
      ...fields,
      level: 'expert',
      held: { date: '2026-03-02' },
      minutes: { summary: 'Agreed.', decisions: ['Draft'] },
      followUps: [
        { ...agreed, status: 'completed', completedOn: '2026-03-05', note: 'sent', overdue: false },
      ],
      recordedAt: at(1),
      changedAt: at(5),
      revision: 4,
      position: expect.stringMatching(/^\d+$/),
    });
    const before = (await get(`/${id}?revision=0`)).body;
    expect(before).toMatchObject({ status: 'scheduled', followUps: [] });
    expect(before).not.toHaveProperty('minutes');
    expect((await get(`/${id}?asOf=${at(4)}`)).body.followUps).toEqual([
      { ...agreed, status: 'open', overdue: false },
    ]);
    const { items } = (await get(`/${id}/history`)).body;
    expect(items.map(({ type }: { type: string }) => type)).toEqual([
      'FollowUpCompleted',
      'FollowUpAgreed',
      'MinutesRecorded',
      'DialogueSessionHeld',
      'DialogueSessionScheduled',
    ]);
  });

  it('calls a follow-up overdue from the day after the last it was due, as of the time asked for', async () => {
    const id = idOf('owed');
    const owed = (name: string, dueOn?: string): DialogueEvent => ({
      type: 'FollowUpAgreed',
      data: { followUpId: idOf(name), text: name, owner: 'Academy', dueOn },
    });
    await record(
      'owed',
      EARLY,
      { type: 'DialogueSessionLogged', data: { ...fields, held: { date: '2025-12' } } },
      owed('a day', '2026-03-15'),
      owed('a month', '2026-03'),
      owed('no date'),
      owed('dropped', '2026-02'),
    );
    await record('owed', '2026-03-01T00:00:00.000Z', {
      type: 'FollowUpDropped',
      data: { followUpId: idOf('dropped'), reason: 'overtaken' },
    });
    const overdue = async (query: string) =>
      ((await get(`/${id}${query}`)).body.followUps as { text: string; overdue: boolean }[])
        .filter((followUp) => followUp.overdue)
        .map(({ text }) => text);
    expect(await overdue('?asOf=2026-02-28T00:00:00Z')).toEqual([]);
    expect(await overdue('?asOf=2026-03-15T23:59:59Z')).toEqual([]);
    // Still the 15th at UTC, by which all dates go.
    expect(await overdue('?asOf=2026-03-16T03:00:00%2B04:00')).toEqual([]);
    expect(await overdue('?asOf=2026-03-16T00:00:00Z')).toEqual(['a day']);
    expect(await overdue('?asOf=2026-04-01T00:00:00Z')).toEqual(['a day', 'a month']);
    expect(await overdue('')).toEqual(['a day', 'a month']);
    await record('owed', '2026-05-01T00:00:00.000Z', {
      type: 'DialogueSessionWithdrawn',
      data: { reason: 'entered twice' },
    });
    expect(await overdue('')).toEqual([]);
    expect(await overdue('?asOf=2026-04-01T00:00:00Z')).toEqual(['a day', 'a month']);
  });

  it('says why a session is called off, and no longer why it was once withdrawn', async () => {
    await record('off', EARLY, scheduled({}), {
      type: 'DialogueSessionCancelled',
      data: { reason: 'no quorum' },
    });
    expect((await get(`/${idOf('off')}`)).body.cancellation).toEqual({ reason: 'no quorum' });
    await record('off', EARLY, { type: 'DialogueSessionWithdrawn', data: { reason: 'entered twice' } });
    const { body } = await get(`/${idOf('off')}`);
    expect(body).toMatchObject({ status: 'withdrawn', withdrawal: { reason: 'entered twice' } });
    expect(body).not.toHaveProperty('cancellation');
    await record('off', EARLY, { type: 'DialogueSessionReinstated', data: { reason: 'another one' } });
    const again = (await get(`/${idOf('off')}`)).body;
    expect(again).toMatchObject({ status: 'cancelled', cancellation: { reason: 'no quorum' } });
    expect(again).not.toHaveProperty('withdrawal');
  });

  it.each([
    ['?format=dinner', 400, 'Invalid'],
    ['?sort=startsOn', 400, 'Invalid'],
    ['?asOf=2026-06-01T12:00:01Z', 400, 'AsOfInFuture'],
    [`/${idOf('nobody')}`, 404, 'DialogueNotFound'],
    [`/${idOf('nobody')}/history`, 404, 'DialogueNotFound'],
  ])('answers %s with %i %s', async (url, status, code) => {
    expect((await get(url)).body).toMatchObject({ status, code });
  });
});
