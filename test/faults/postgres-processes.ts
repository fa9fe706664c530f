import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Resolves in the very turn in which a process of the server is seen to store; at once where there is no /proc. */
export async function untilItStores(server: number): Promise<void> {
  for (;;) {
    const titles = processesOf(server).map((pid) => read(`/proc/${pid}/cmdline`));
    if (titles.length === 0 || titles.some((title) => title.includes('INSERT'))) return;
    await nextTurn();
  }
}

/**
 * Ends the server and all of its processes at once, as a machine that stops would: those left over might wait for ever
 * for what one of the killed held, and keep the next server out.
 */
export const killServer = (server: number): void => signalServer(server, 'SIGKILL');

/** Sends a signal to the server and all of its processes. */
export function signalServer(server: number, signal: NodeJS.Signals): void {
  // The server first, or it would start anew by itself.
  for (const pid of [server, ...processesOf(server)]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended.
    }
  }
}

function processesOf(server: number): number[] {
  return read(`/proc/${server}/task/${server}/children`).split(' ').filter(Boolean).map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
