import { Worker } from 'node:worker_threads';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { ConnectedConfig } from '#application';
import { VerificationWork, type VerificationProgress, type VerificationResult } from '#auditing';

interface Message {
  readonly progress?: VerificationProgress;
  readonly result?: VerificationResult;
}

/** Verifies in a thread of its own: minutes of hashing would hold up every request. */
class WorkerThread implements VerificationWork {
  constructor(private readonly config: ConnectedConfig) {}

  run(onProgress: (progress: VerificationProgress) => void): Promise<VerificationResult> {
    const worker = new Worker(new URL('./verification-worker.js', import.meta.url), {
      workerData: this.config,
    });
    // A request to stop need not wait for it.
    worker.unref();
    return new Promise((resolve, reject) => {
      worker.on('message', ({ progress, result }: Message) => {
        if (progress) onProgress(progress);
        if (result) resolve(result);
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('the verification ended without a result')));
    });
  }
}

@Global()
@Module({})
export class VerificationWorkModule {
  static of(config: ConnectedConfig): DynamicModule {
    const work = { provide: VerificationWork, useValue: new WorkerThread(config) };
    return { module: VerificationWorkModule, providers: [work], exports: [VerificationWork] };
  }
}
