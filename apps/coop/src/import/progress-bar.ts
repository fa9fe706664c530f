import type { ImportProgress } from '#importing';
import { Presets, SingleBar } from 'cli-progress';

/** Rows, rate and time left, on a terminal; nothing elsewhere. */
export function progressBar() {
  const bar = process.stderr.isTTY
    ? new SingleBar(
        {
          format: '{phase} {bar} {value}/{total} rows  {rate}/s  {eta_formatted} left',
          stream: process.stderr,
          hideCursor: true,
          clearOnComplete: true,
        },
        Presets.shades_classic,
      )
    : undefined;
  let phase: string | undefined;
  let began = 0;
  return {
    update({ phase: current, rows, of }: ImportProgress): void {
      if (!bar) return;
      if (phase !== current) {
        bar.stop();
        phase = current;
        began = Date.now();
        bar.start(of ?? rows, 0, { phase, rate: 0 });
      }
      // While reading, how many rows there are is what is being found out.
      bar.setTotal(of ?? rows);
      bar.update(rows, { phase, rate: Math.round((rows * 1000) / Math.max(1, Date.now() - began)) });
    },
    stop(): void {
      bar?.stop();
    },
  };
}
