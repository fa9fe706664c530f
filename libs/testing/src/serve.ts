import { Global, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { CommandExecutor, EventStore } from '#event-sourcing';
import {
  AccessLog,
  CaughtUp,
  ConsistencyGuard,
  ProblemFilter,
  validationPipe,
  type Accessed,
  type AccessEnd,
} from '#http';
import { Clock, type Actor } from '#shared-kernel';
import request from 'supertest';
import { DataSource } from 'typeorm';
import type { ReadModel } from './read-model.js';

type Given = Exclude<Provider, new (...parameters: never[]) => unknown> & { provide: unknown };
export type Headers = Readonly<Record<string, string>>;

/** What was answered: `body` is its JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
  readonly text: string;
}

/** Modules served over HTTP below `/api/v1`, as one process would, with `provided` for what they need of the composition. */
export async function serve(
  imports: NonNullable<ModuleMetadata['imports']>,
  provided: readonly Given[],
  now: () => Date,
) {
  const given = [...provided, { provide: Clock, useValue: { now } }];
  @Global()
  @Module({ providers: given, exports: given.map(({ provide }) => provide) as never })
  class Composition {}
  const testing = await Test.createTestingModule({ imports: [Composition, ...imports] }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.setGlobalPrefix('api/v1').useGlobalPipes(validationPipe()).useGlobalFilters(new ProblemFilter());
  const caughtUp = given.find(({ provide }) => provide === CaughtUp);
  if (caughtUp) app.useGlobalGuards(new ConsistencyGuard(app.get(Reflector), app.get(CaughtUp)));
  app.getHttpAdapter().getInstance().decorateRequest('now', now);
  await app.listen(0, '127.0.0.1');
  const http = request(app.getHttpServer());
  return {
    app,
    http,
    /** As staff-1 unless the headers say otherwise; without `body` there is none. */
    async post(path: string, body?: object, headers: Headers = {}): Promise<Answer> {
      const asked = http.post(`/api/v1${path}`).set({ 'X-Actor': 'staff-1', ...headers });
      return body ? asked.send(body) : asked;
    },
    async get(path: string, headers: Headers = {}): Promise<Answer> {
      return http.get(`/api/v1${path}`).set(headers);
    },
    stop: () => app.close(),
  };
}

/** What modules need of the composition, from a read model's stores. */
export function storesOf({ store, dataSource, caughtUp }: ReadModel): readonly Given[] {
  return [
    { provide: EventStore, useValue: store },
    { provide: CommandExecutor, useValue: new CommandExecutor(store) },
    { provide: DataSource, useValue: dataSource },
    { provide: CaughtUp, useValue: caughtUp },
    { provide: AccessLog, useValue: new RememberedAccesses() },
  ];
}

/** An access log without a table: for contexts that are tested without the audit. */
export class RememberedAccesses extends AccessLog {
  readonly entries: (Accessed & Partial<AccessEnd> & { readonly actor: string })[] = [];

  async begin({ id }: Actor, accessed: Accessed): Promise<string> {
    return String(this.entries.push({ actor: id, ...accessed }) - 1);
  }

  async end(id: string, end: AccessEnd): Promise<void> {
    this.entries[Number(id)] = { ...this.entries[Number(id)]!, ...end };
  }
}
