import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Resolves in the very turn in which the server of this process id is seen to store; at once where there is no /proc. */
export async function untilItStores(server: number): Promise<void> {
  while (processesOf(server).every((pid) => !read(`/proc/${pid}/cmdline`).includes('INSERT'))) {
    if (read('/proc/self/cmdline') === '') return;
    await nextTurn();
  }
}

/**
 * Ends the server and all of its processes at once, as a machine that stops would: those left over might wait for ever
 * for what one of the killed held, and keep the next server out.
 */
export function killServer(server: number): void {
  // The server first, or it would see to its processes' end.
  const processes = processesOf(server);
  for (const pid of [server, ...processes]) process.kill(pid, 'SIGKILL');
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
