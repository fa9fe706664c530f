import { Presets, SingleBar } from 'cli-progress';
import type { Position } from '#event-sourcing';

type Commit = Pick<Position, 'commit'>;

/** Events, rate and time left, on a terminal; nothing elsewhere. How many events there are nobody says, but how many bytes. */
export function progressBar(phase: string, begin: Commit | undefined, end: Commit | undefined) {
  if (!process.stderr.isTTY || !end) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: '{phase} {bar} {percentage}%  {events} events  {rate}/s  {eta_formatted} left',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  const origin = begin?.commit ?? 0n;
  const began = Date.now();
  bar.start(Number(end.commit - origin), 0, { phase, events: 0, rate: 0 });
  return {
    /** `events`: since the bar began. */
    update({ commit }: Commit, events: number): void {
      const rate = Math.round((events * 1000) / Math.max(1, Date.now() - began));
      bar.update(Number(commit - origin), { events, rate });
    },
    stop(): void {
      bar.stop();
    },
  };
}
