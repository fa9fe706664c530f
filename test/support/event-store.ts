import { spawn, type ChildProcess } from 'node:child_process';
import { coop, environment } from './instance.js';

export interface Ending {
  /** null after a signal. */
  readonly status: number | null;
  /** On standard error. */
  readonly said: string;
}

export interface EventStoreProcess {
  readonly child: ChildProcess;
  /** For EVENTSTOREDB_URL. */
  readonly url: string;
  /** Everything on standard output up to now. */
  output(): string;
  readonly ended: Promise<Ending>;
}

export interface CommandProcess {
  readonly child: ChildProcess;
  output(): string;
  readonly ended: Promise<Ending>;
}

/** Starts the command line, as an operator does. */
export function startCommand(...args: string[]): CommandProcess {
  const child = spawn(process.execPath, [coop, ...args], {
    env: environment({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, said] = ['', ''];
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise<Ending>((resolve) => child.once('close', (status) => resolve({ status, said })));
  return { child, output: () => output, ended };
}

/** `coop event-store` on a free port, unless `options` name one; rejects with its ending if that comes first. */
export async function startEventStore(dataDir: string, ...options: string[]): Promise<EventStoreProcess> {
  const command = startCommand('event-store', '--data-dir', dataDir, '--port', '0', ...options);
  const url = await new Promise<string>((resolve, reject) => {
    command.child.stdout!.on('data', () => {
      const line = /^EVENTSTOREDB_URL=(.*)\n/.exec(command.output());
      if (line) resolve(line[1]!);
    });
    void command.ended.then(reject);
  });
  return { ...command, url };
}
