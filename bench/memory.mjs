import { readFileSync } from 'node:fs';

/** The most memory (resident set) that a process has had, in bytes; 0 when it is gone. Linux only. */
export function peakMemory(pid) {
  try {
    return 1_024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  } catch {
    return 0;
  }
}
