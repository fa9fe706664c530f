import type { StoredEvent } from '../storage/event.js';
import type { Subscriber } from '../subscriptions/subscriber.js';
import { EventBuffer } from './encode-event.js';
import { frame } from './frames.js';
import type { Call } from './grpc-server.js';
import { streams } from './protocol.js';

const SIZE = 32 * 1024;

/** Answers of a read, gathered into writes of about 32 KB. */
export class EventSink implements Subscriber {
  readonly signal: AbortSignal;
  private readonly buffer: EventBuffer;

  constructor(
    private readonly call: Call,
    structuredIds: boolean,
  ) {
    this.signal = call.signal;
    this.buffer = new EventBuffer(SIZE, structuredIds);
  }

  event(event: StoredEvent): Promise<void> | undefined {
    return this.buffer.add(event) ? undefined : this.flush().then(() => void this.buffer.add(event));
  }

  async flush(): Promise<void> {
    if (!this.buffer.isEmpty) await this.call.write(this.buffer.take());
  }

  async message(response: streams.ReadResp): Promise<void> {
    await this.flush();
    await this.call.write(frame(response));
  }

  checkpoint(position: number): Promise<void> {
    const checkpoint = new streams.ReadResp.Checkpoint();
    checkpoint.setCommitPosition(String(position)).setPreparePosition(String(position));
    return this.message(new streams.ReadResp().setCheckpoint(checkpoint));
  }

  caughtUp(): Promise<void> {
    return this.message(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
  }
}
