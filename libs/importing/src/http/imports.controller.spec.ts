import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ActivityPolicy } from '#activities';
import { CommandExecutor, EventStore } from '#event-sourcing';
import { ProblemFilter, validationPipe } from '#http';
import { Clock } from '#shared-kernel';
import request from 'supertest';
import { ImportingModule } from '../importing.module.js';
import { openTestStores, type TestStores } from '../testing/stores.js';
import { acceptUploads, XLSX } from './accept-uploads.js';

const CSV_FILE = readFileSync('examples/azerbaijan-nato/courses_conferences.csv');
const URL = '/imports?profile=az-courses';

describe('POST /imports', () => {
  let stores: TestStores;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    stores = await openTestStores();
    const provided = [
      { provide: EventStore, useValue: stores.eventStore },
      { provide: CommandExecutor, useValue: stores.executor },
      { provide: ActivityPolicy, useValue: stores.policy },
      { provide: Clock, useValue: stores.clock },
    ];
    @Global()
    @Module({ providers: provided, exports: provided.map(({ provide }) => provide) })
    class Composition {}
    const module = await Test.createTestingModule({
      imports: [Composition, ImportingModule],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter({ bodyLimit: 1024 }));
    await acceptUploads(app.getHttpAdapter().getInstance());
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(async () => {
    await app?.close();
    await stores.close();
  });

  const post = (url: string) => request(app.getHttpServer()).post(url).set('X-Actor', 'staff-1');

  it('rehearses, imports, and changes nothing the second time', async () => {
    const rehearsed = await post(`${URL}&dryRun=true`).set('Content-Type', 'text/csv').send(CSV_FILE);
    expect(rehearsed.body).toMatchObject({ rows: 20, created: 20, rejected: 0, dryRun: true, errors: [] });
    const created = await post(URL).set('Content-Type', 'text/csv; charset=utf-8').send(CSV_FILE);
    expect(created.status).toBe(200);
    expect(created.body).toMatchObject({ rows: 20, created: 20, unchanged: 0, dryRun: false });
    const [event] = await stores.events();
    expect(event?.metadata.actor.id).toBe('staff-1');
    const again = await post(URL).attach('file', CSV_FILE, 'courses.csv');
    expect(again.body).toMatchObject({ created: 0, unchanged: 20, warnings: [] });
  });

  it.each([
    ['an unknown profile', '/imports?profile=nope', 'text/csv', 400, 'UnknownProfile'],
    ['a path for a profile', '/imports?profile=../../package', 'text/csv', 400, 'UnknownProfile'],
    ['an unknown parameter', `${URL}&dry=1`, 'text/csv', 400, 'Invalid'],
    ['another kind of body', URL, 'application/json', 415, 'UnsupportedMediaType'],
    ['what is no workbook', URL, XLSX, 400, 'UnreadableFile'],
  ])('refuses %s', async (_, url, type, status, code) => {
    const body = type === 'application/json' ? '{}' : CSV_FILE;
    const answer = await post(url).set('Content-Type', type).send(body);
    expect(answer.body).toMatchObject({ status, code });
  });

  it('refuses a form that is none, and one with two files, writing nothing', async () => {
    const written = (await stores.events()).length;
    const form = (boundary: string) =>
      post(URL).set('Content-Type', `multipart/form-data${boundary}`).send('xx');
    expect((await form('; boundary=abc')).body).toMatchObject({ status: 400 });
    expect((await form('')).body).toMatchObject({ status: 400 });
    const two = await post(URL).attach('file', CSV_FILE, 'a.csv').attach('file', CSV_FILE, 'b.csv');
    expect(two.body).toMatchObject({ status: 400, code: 'SeveralFiles' });
    expect(await stores.events()).toHaveLength(written);
  });

  it('refuses a file whose columns are others, an empty one and none at all', async () => {
    const wrong = await post(URL).set('Content-Type', 'text/csv').send('a,b\n1,2\n');
    expect(wrong.body).toMatchObject({ status: 400, code: 'UnreadableFile' });
    expect(wrong.body.errors).toContainEqual(expect.objectContaining({ code: 'MissingColumn' }));
    const empty = await post(URL).set('Content-Type', 'text/csv').send('');
    expect(empty.body).toMatchObject({ status: 400, errors: [{ code: 'EmptyFile' }] });
    const none = await post(URL).field('x', '1');
    expect(none.body).toMatchObject({ status: 400, code: 'FileMissing' });
    expect((await request(app.getHttpServer()).post(URL)).status).toBe(401);
  });
});
