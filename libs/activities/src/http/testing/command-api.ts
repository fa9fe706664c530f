import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { commandEventDefinitions, CommandExecutor, EventRegistry, EventStore } from '#event-sourcing';
import type { RecordedEvent } from '#event-sourcing';
import { ProblemFilter, validationPipe } from '#http';
import request from 'supertest';
import { ActivityCommandsModule } from '../../activities.module.js';
import { activityEventDefinitions, activityStream } from '../../domain/events.js';
import { ActivityPolicy } from '../../domain/policy.js';
import { fields, NOW, office } from '../../domain/testing/examples.js';
import { ActivityCommandsController } from '../activities.controllers.js';

export type Headers = Record<string, string>;

/** What `post` got: `body` is the answer's JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export type CommandApi = Awaited<ReturnType<typeof serveCommands>>;

/** The commands of activities over HTTP, as one process would serve them, with the store of that address behind. */
export async function serveCommands(eventStoreUrl: string) {
  const registry = new EventRegistry(commandEventDefinitions, activityEventDefinitions);
  const store = EventStore.connect(eventStoreUrl, registry);
  const given = [
    { provide: CommandExecutor, useValue: new CommandExecutor(store) },
    { provide: ActivityPolicy, useValue: office },
  ];
  @Global()
  @Module({ providers: given, exports: given })
  class Composition {}
  const testing = await Test.createTestingModule({
    imports: [Composition, CqrsModule, ActivityCommandsModule],
    controllers: [ActivityCommandsController],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.setGlobalPrefix('api/v1').useGlobalPipes(validationPipe()).useGlobalFilters(new ProblemFilter());
  const fastify = app.getHttpAdapter().getInstance();
  fastify.decorateRequest('now', () => new Date(NOW));
  await app.listen(0, '127.0.0.1');
  const http = request(app.getHttpServer());

  /** POST below `/api/v1/activities`, as staff-1 unless the headers say otherwise; without `body` there is none. */
  async function post(path: string, body?: object, headers: Headers = {}): Promise<Answer> {
    const asked = http.post(`/api/v1/activities${path}`).set({ 'X-Actor': 'staff-1', ...headers });
    const answer = await (body ? asked.send(body) : asked);
    return { status: answer.status, headers: answer.headers, body: answer.body };
  }

  return {
    app,
    http,
    post,
    /** Ids of new activities, the first proposed, the second held. */
    planned: async (): Promise<string> => (await post('', fields)).body.id,
    logged: async (): Promise<string> => (await post('/log', fields)).body.id,
    eventsOf: (id: string): Promise<RecordedEvent[]> => store.readStream(activityStream(id)),
    async stop() {
      await app.close();
      await store.close();
    },
  };
}
