import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProjectionCommands, ProjectionStatuses } from '#application';
import { ReadModels, type Context } from '#event-sourcing';
import { serve, startReadModel, storesOf, type ReadModel } from '#testing';
import { z } from 'zod';
import { HealthController } from './health.controller.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';
import { ProjectionsController } from './projections.controller.js';
import { Module } from '@nestjs/common';

/** Counts nothing; a note of 'refused' cannot be applied. */
const noted: Context = {
  events: { Noted: { version: 1, schema: z.strictObject({ note: z.string() }) } },
  projections: [
    {
      name: 'notes',
      version: 1,
      tables: [],
      streamPrefixes: ['note-'],
      reads: () => [],
      apply(event) {
        if ((event.data as { note: string }).note === 'refused') throw new Error('cannot be noted');
      },
    },
    {
      name: 'unled',
      version: 3,
      tables: [],
      streamPrefixes: ['note-'],
      reads: () => [],
      apply: () => undefined,
    },
  ],
  entities: [],
  migrations: [],
};

@Module({
  controllers: [ProjectionsController, HealthController, MetricsController],
  providers: [ProjectionStatuses, ProjectionCommands, Metrics],
})
class OperationsModule {}

describe('projections over HTTP', () => {
  let model: ReadModel;
  let served: Awaited<ReturnType<typeof serve>>;
  const now = '2026-03-01T12:00:00.000Z';
  let time = now;
  let notes = 0;

  beforeAll(async () => {
    const [led] = noted.projections;
    model = await startReadModel({ ...noted, projections: [led!] });
    await model.dataSource.query('create schema notes');
    await model.dataSource.query(
      'create table notes.timeline (recorded_at timestamptz primary key, position bigint not null)',
    );
    served = await serve(
      [OperationsModule],
      [
        ...storesOf(model),
        { provide: ReadModels, useValue: { projections: noted.projections, streamPrefixes: ['note-'] } },
      ],
      () => new Date(time),
    );
    model.startProjectors();
  });
  beforeEach(async () => {
    await served.post('/projections/notes/resume');
  });
  afterAll(async () => {
    await served?.stop();
    await model?.stop();
  });

  const note = (text: string) =>
    model.record(`note-${notes++}`, [{ type: 'Noted', data: { note: text } }], now);
  const statusOf = async (name: string) =>
    (await served.get('/projections')).body.items.find((item: { name: string }) => item.name === name);
  const paused = async () => {
    while ((await statusOf('notes')).state !== 'paused') await new Promise(setImmediate);
  };

  it('show one that nobody has led, with how much it lacks', async () => {
    const position = await note('first');
    await model.projected(position);
    expect(await statusOf('unled')).toMatchObject({
      ...{ version: 3, state: 'waiting', position: '-1', lagEvents: 1, headPosition: String(position) },
      skipped: [],
    });
    expect(await statusOf('notes')).toMatchObject({
      state: 'running',
      lagEvents: 0,
      position: String(position),
    });
  });

  it('are paused and resumed by somebody, who says why', async () => {
    const answer = await served.post('/projections/notes/pause', { reason: 'a repair' });
    expect(answer).toMatchObject({
      status: 200,
      body: { name: 'notes', state: 'paused', paused: { by: 'staff-1', reason: 'a repair', at: now } },
    });
    expect(await served.post('/projections/notes/pause')).toMatchObject({
      ...{ status: 409, body: { code: 'ProjectionPaused' } },
    });
    expect((await served.http.get('/api/v1/health/ready')).body).toMatchObject({
      status: 'degraded',
      notRunning: ['notes', 'unled'],
    });
    const position = await note('while it is paused');
    const resumed = await served.post('/projections/notes/resume');
    expect(resumed).toMatchObject({ status: 200, body: { state: 'running' } });
    expect(resumed.body).not.toHaveProperty('paused');
    await model.projected(position);
    expect(await served.post('/projections/notes/resume')).toMatchObject({
      ...{ status: 409, body: { code: 'ProjectionNotPaused' } },
    });
  });

  it('say which event paused them, and skip that one alone', async () => {
    const position = String(await note('refused'));
    const last = await note('after it');
    await paused();
    expect((await statusOf('notes')).error).toMatchObject({ position, message: 'cannot be noted' });
    const metrics = (await served.http.get('/api/v1/metrics')).text;
    expect(metrics).toContain('projection_paused{projection="notes",by="event"} 1');
    const reason = 'entered by mistake';
    const other = await served.post('/projections/notes/skip', { position: String(last), reason });
    expect(other).toMatchObject({ status: 409, body: { code: 'NotTheEvent' } });
    const answer = await served.post('/projections/notes/skip', { position, reason });
    expect(answer).toMatchObject({
      status: 200,
      body: { state: 'running', skipped: [{ position, by: 'staff-1', reason, at: now }] },
    });
    await model.projected(last);
    expect((await statusOf('notes')).skipped).toHaveLength(1);
    expect(await served.post('/projections/notes/skip', { position, reason })).toMatchObject({
      ...{ status: 409, body: { code: 'ProjectionNotPaused' } },
    });
  }, 30_000);

  it('are made anew beside what serves: who asked, how far it is, and the one before until it is dropped', async () => {
    const last = await note('to be made anew');
    await model.projected(last);
    await model.stopProjectors();
    const asked = await served.post('/projections/notes/rebuild', { reason: 'a new index' });
    expect(asked.status).toBe(202);
    const [building] = asked.body.generations;
    const events = building.progress.of as number;
    expect(events).toBeGreaterThan(0);
    expect(building).toMatchObject({
      ...{ phase: 'building', version: 1, state: 'running', startedAt: now, startedBy: 'staff-1' },
      ...{ reason: 'a new index', position: '-1', events: 0, skipped: [] },
      progress: { events: 0, of: events, perSecond: 0, percent: 0 },
    });
    expect(await served.post('/projections/notes/rebuild')).toMatchObject({
      ...{ status: 409, body: { code: 'GenerationConflict' } },
    });
    const paused = await served.post(`/projections/${building.name}/pause`, { reason: 'too busy' });
    expect(paused.body.generations[0]).toMatchObject({
      state: 'paused',
      paused: { by: 'staff-1', reason: 'too busy', at: now },
    });
    expect((await served.http.get('/api/v1/health/ready')).body.notRunning).toEqual([building.name, 'unled']);
    expect((await served.http.get('/api/v1/metrics')).text).toContain(
      `projection_paused{projection="${building.name}",by="operator"} 1`,
    );
    model.startProjectors();
    await served.post(`/projections/${building.name}/resume`);
    // What was left out before is not left out of rows made anew, unless it is said again.
    const refused = async () => (await statusOf('notes')).generations[0].error;
    while (!(await refused())) await new Promise(setImmediate);
    const { position: left } = await refused();
    expect(
      await served.post(`/projections/${building.name}/skip`, { position: '1', reason: 'so' }),
    ).toMatchObject({
      ...{ status: 409, body: { code: 'NotTheEvent' } },
    });
    time = '2026-03-01T12:01:00.000Z';
    await served.post(`/projections/${building.name}/skip`, { position: left, reason: 'by mistake' });
    while ((await statusOf('notes')).generation === 1) await new Promise(setImmediate);
    const { generation, generations, position, skipped } = await statusOf('notes');
    expect([`notes_${generation}`, position]).toEqual([building.name, String(last)]);
    expect(skipped).toMatchObject([{ position: left, reason: 'by mistake' }]);
    expect(generations).toMatchObject([{ name: 'notes_1', phase: 'retired', events }]);

    for (const [one, command] of [
      ['notes', 'drop-generation'],
      [building.name, 'drop-generation'],
      [building.name, 'pause'],
      ['notes_1', 'resume'],
    ])
      expect(await served.post(`/projections/${one}/${command}`)).toMatchObject({
        ...{ status: 409, body: { code: 'GenerationConflict' } },
      });
    const dropped = await served.post('/projections/notes_1/drop-generation');
    expect([dropped.status, dropped.body.name, dropped.body.generations]).toEqual([200, 'notes', []]);
    expect(await served.post('/projections/notes_1/drop-generation')).toMatchObject({
      ...{ status: 404, body: { code: 'GenerationNotFound' } },
    });
    expect(await served.post('/projections/unled/rebuild')).toMatchObject({
      ...{ status: 409, body: { code: 'GenerationConflict' } },
    });
  }, 30_000);

  it('are degraded while a projector that leads says nothing and falls behind', async () => {
    const health = async () => (await served.http.get('/api/v1/health/ready')).body;
    await model.projected(await note('in time'));
    time = new Date(Date.now() + 60_000).toISOString();
    expect((await health()).behind).toEqual(['unled']);
    await model.stopProjectors();
    const late = await note('late');
    expect(await health()).toMatchObject({ status: 'degraded', behind: ['notes', 'unled'] });
    expect((await statusOf('notes')).state).toBe('running');
    model.startProjectors();
    await model.projected(late);
    expect((await health()).behind).toEqual(['unled']);
  }, 30_000);

  it('name every fault of what is asked', async () => {
    const malformed = await served.post('/projections/notes/skip', { position: 'x', more: 1 });
    expect(malformed.status).toBe(400);
    expect(malformed.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      ...['/more', '/position', '/reason'],
    ]);
    expect((await served.post('/projections/notes/skip')).status).toBe(400);
    for (const command of ['pause', 'resume', 'skip', 'rebuild', 'drop-generation']) {
      const body = command === 'skip' ? { position: '1', reason: 'so' } : {};
      expect(await served.post(`/projections/nothing/${command}`, body)).toMatchObject({
        ...{ status: 404, body: { code: 'ProjectionNotFound' } },
      });
      expect(await served.post(`/projections/notes/${command}`, body, { 'X-Actor': '' })).toMatchObject({
        ...{ status: 401, body: { code: 'ActorMissing' } },
      });
    }
  });
});
