import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { givenStores } from './stores.js';

/** The built command line; `npm test` builds it first. */
export const coop = 'dist/apps/coop/src/main.js';

/** The environment of a program under test: of the caller's configuration only given stores get in. */
export function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), LOG_FORMAT: 'json', ...givenStores, ...settings };
}

export interface RunningInstance {
  /** Of the API, such as http://127.0.0.1:41234 */
  readonly url: string;
  /** Asks it to stop, as Ctrl-C does; resolves with its exit status. */
  stop(): Promise<number | null>;
  /** kill -9 of every process of it at once: supervisor, API, projector, PostgreSQL. */
  killAll(): Promise<void>;
}

/** Starts a whole instance, as `npm start` does, on a free port; resolves when it serves. */
export async function startInstance(
  dataDir: string,
  settings: Record<string, string> = {},
): Promise<RunningInstance> {
  const child = spawn(process.execPath, [coop, 'start'], {
    env: environment({ DATA_DIR: dataDir, PORT: '0', ...settings }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await announcedUrl(child);
  return {
    url,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async killAll() {
      const victims = [child.pid!, ...(await descendants(child.pid!))];
      for (const pid of victims) kill(pid);
      await ended;
    },
  };
}

async function announcedUrl(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stderr! });
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    const url = /"name":"coop".*"url":"([^"]+)\/api\/v1"/.exec(line)?.[1];
    if (url) {
      // What follows is read and dropped, so that a full pipe stops nobody.
      child.stderr!.resume();
      return url;
    }
  }
  throw new Error(`the instance did not start:\n${said.join('\n')}`);
}

async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const status = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const parent = /\) \S (\d+) /.exec(status)?.[1];
    if (parent) parents.set(Number(entry), Number(parent));
  }
  const found: number[] = [];
  for (const frontier = [root]; frontier.length > 0;) {
    const parent = frontier.pop()!;
    for (const [pid, of] of parents) {
      if (of === parent) {
        found.push(pid);
        frontier.push(pid);
      }
    }
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already: its parent went first.
  }
}
