import type { ServerHttp2Stream } from 'node:http2';
import { GrpcError, Status } from './grpc-error.js';

/** Bytes that may wait until the client makes room, while what comes after them is made ready. */
const AHEAD = 32 * 1024;

/** Sends the answers of one call, no faster than its client takes them. */
export class Outlet {
  private waiting: (() => void)[] = [];

  /** Once `signal` is aborted nobody waits any longer. */
  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.proceed());
  }

  /**
   * Resolves when there is room for more. Not only when all has left: a client would then wait while its next events are
   * encoded.
   * @throws GrpcError CANCELLED when the client has gone
   */
  async write(frames: Buffer): Promise<void> {
    const { stream, signal } = this;
    if (stream.destroyed || stream.writableEnded) throw clientGone();
    stream.write(frames, () => stream.writableLength <= AHEAD && this.proceed());
    if (stream.writableLength <= AHEAD || signal.aborted) return;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private proceed(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

export function clientGone(): GrpcError {
  return new GrpcError(Status.CANCELLED, 'client gone');
}
