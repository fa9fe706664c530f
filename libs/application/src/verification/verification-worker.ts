import { parentPort, workerData } from 'node:worker_threads';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditServicesModule, Verifier } from '#auditing';
import type { ConnectedConfig } from '#process';
import { StoresModule } from '../stores.module.js';

@Module({})
class WorkerModule {}

/** One verification in a thread of its own, with connections of its own; tells its progress and, at the end, what it found. */
const application = await NestFactory.createApplicationContext(
  {
    module: WorkerModule,
    imports: [StoresModule.connect(workerData as ConnectedConfig), AuditServicesModule],
  },
  { logger: false, abortOnError: false },
);
const result = await application.get(Verifier).run((progress) => parentPort!.postMessage({ progress }));
await application.close();
parentPort!.postMessage({ result });
