import { Worker } from 'node:worker_threads';
import type { VerificationProgress, VerificationResult, VerificationWork } from '#auditing';
import type { ConnectedConfig } from '#process';

interface Message {
  readonly progress?: VerificationProgress;
  readonly result?: VerificationResult;
}

/**
 * Megabytes for what is new. A batch of events and what is made of them lives until it is compared: in V8's own measure all of it
 * would be copied twice, which takes a quarter of the time.
 */
const YOUNG = 192;

/** Verifies in a thread of its own: minutes of hashing would hold up everything else in the process. */
export class VerificationThread implements VerificationWork {
  constructor(private readonly config: ConnectedConfig) {}

  /** @throws what the verification throws, by its message */
  run(onProgress: (progress: VerificationProgress) => void): Promise<VerificationResult> {
    const worker = new Worker(new URL('./verification-worker.js', import.meta.url), {
      workerData: this.config,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
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
