import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AppendExpectedRevision, AppendResult, JSONEventData } from '@eventstore/db-client';

const SCRIPT = fileURLToPath(new URL('./store-connections.mjs', import.meta.url));

export interface Append {
  readonly stream: string;
  readonly expectedRevision: AppendExpectedRevision;
  readonly events: JSONEventData[];
}

/** `type` as the client names its errors; undefined for a plain one, such as a refused connection. */
export type Outcome =
  | { readonly answer: AppendResult; readonly failure?: undefined }
  | { readonly answer?: undefined; readonly failure: { readonly type?: string; readonly message: string } };

export interface Connections {
  /** A writer has one connection, and one append at a time. */
  append(writer: number, append: Append): Promise<Outcome>;
  /** Resolves once every answer that had arrived at the connections is handed over. */
  heard(): Promise<undefined>;
  close(): Promise<void>;
}

/** Opens `count` connections of the stock client, in a process of their own. */
export function openConnections(connectionString: string, count: number): Connections {
  const child = fork(SCRIPT, [connectionString, String(count)], { serialization: 'advanced' });
  const waiting = new Map<number, (outcome: Outcome) => void>();
  const heard = new Promise<undefined>((resolve) =>
    child.on('message', (message: { writer: number; outcome: Outcome } | 'heard') => {
      if (message === 'heard') resolve(undefined);
      else waiting.get(message.writer)!(message.outcome);
    }),
  );
  const closed = once(child, 'exit');
  return {
    append: (writer, append) =>
      new Promise((resolve, reject) => {
        waiting.set(writer, resolve);
        child.send({ writer, append }, (error) => error && reject(error));
      }),
    heard() {
      if (child.connected) child.send('over');
      return heard;
    },
    async close() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
