import { randomUUID } from 'node:crypto';
import { LiveTail } from './storage/live-tail.js';
import { EventLog } from './storage/log.js';
import { Reader } from './storage/reader.js';
import { Writer } from './storage/writer.js';
import { startGrpcServer, type GrpcServer } from './wire/grpc-server.js';
import { createMethods } from './wire/methods.js';

export interface EventStoreNodeOptions {
  /** The node keeps its tables in the schema `event_store` of this database, and alone writes there. */
  readonly databaseUrl: string;
  /** 0: a free one. */
  readonly port?: number;
  readonly clock?: () => Date;
  /** UUIDs of the events the node itself writes, and of subscriptions. */
  readonly newId?: () => string;
  readonly log?: (line: string) => void;
}

export interface EventStoreNode {
  readonly port: number;
  /** For `EventStoreDBClient.connectionString`. */
  readonly connectionString: string;
  /** Finishes the writes begun, ends all calls with UNAVAILABLE. */
  stop(): Promise<void>;
}

/**
 * A node that speaks EventStoreDB's gRPC protocol on 127.0.0.1 and stores into PostgreSQL. An append it acknowledged is
 * on disk.
 * @throws StorageUnavailable when the database cannot be reached; DatabaseInUseError when another node writes into it
 */
export async function startEventStoreNode({
  databaseUrl,
  port = 0,
  clock = () => new Date(),
  newId = randomUUID,
  log = () => undefined,
}: EventStoreNodeOptions): Promise<EventStoreNode> {
  const tail = new LiveTail();
  const writer = new Writer({
    databaseUrl,
    clock,
    newId,
    log,
    onCommitted: (events) => tail.append(events),
    onSession: (position) => tail.reset(position),
  });
  await writer.start();
  const reader = new Reader(databaseUrl);
  const eventLog = new EventLog(tail, writer, reader, clock);
  const server: GrpcServer = await startGrpcServer(
    createMethods(eventLog, writer, newId, () => server.port),
    port,
  ).catch(async (error: unknown) => {
    await writer.stop();
    throw error;
  });
  let stopping: Promise<void> | undefined;
  log(`event store listens on 127.0.0.1:${server.port}`);
  return {
    port: server.port,
    connectionString: `esdb://127.0.0.1:${server.port}?tls=false`,
    stop: () => (stopping ??= stop()),
  };

  async function stop(): Promise<void> {
    await server.stop();
    await writer.stop();
    await reader.stop();
  }
}
