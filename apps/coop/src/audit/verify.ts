import { VerificationThread } from '#application';
import type { VerificationProgress, VerificationResult } from '#auditing';
import { Presets, SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { Refused } from '#process';
import { withReadModels } from '../stores/read-models.js';
import { verdict } from './verdict.js';

/**
 * `coop audit verify`: checks every event, edition and row, and names what does not fit, on standard output. Exit status 1 when
 * something does not.
 */
export async function verifyRecord({ json }: { readonly json: boolean }): Promise<void> {
  await withReadModels(async (_, config) => {
    const bar = progressBar();
    const result = await new VerificationThread(config)
      .run(bar.update)
      .catch(refused)
      .finally(() => bar.stop());
    console.log(json ? JSON.stringify(result, null, 2) : shown(result));
    if (!result.intact) process.exitCode = 1;
  });
}

/** What comes from another thread has lost its class, not its name. */
function refused(error: Error): never {
  throw error.name === 'NotVerifiable' ? new Refused(error.message) : error;
}

function progressBar() {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: 'Verifying {bar} {percentage}%  {value} of {total} events  {eta_formatted} left',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(0, 0);
  return {
    update({ events, of }: VerificationProgress): void {
      bar.setTotal(of);
      bar.update(events);
    },
    stop: () => bar.stop(),
  };
}

function shown(result: VerificationResult): string {
  const counted = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right'] });
  const { events, streams, rows, editions, unprotected, recordedAhead, skipped, position, rowsPosition } =
    result;
  const number = (value: number) => value.toLocaleString('en');
  counted.push(
    ['events', number(events)],
    ['streams', number(streams)],
    ['versions of rows', number(rows)],
    ['editions', number(editions.length)],
    ['events without a hash', number(unprotected.events)],
    ['events dated ahead of the store', number(recordedAhead.events)],
    ['events left out', number(skipped.length)],
    ['up to position', rowsPosition === position ? position : `${position}, rows to ${rowsPosition}`],
  );
  const leftOut = skipped.map(
    ({ projection, position, by, at, reason }) =>
      `${projection} leaves out the event at ${position}: ${by} at ${at}, ${reason}`,
  );
  const differing = editions
    .filter(({ content }) => content === 'differs')
    .map(({ year, edition }) => `Edition ${edition} of ${year} does not come out as it was published.`);
  const found = [counted.toString(), ...leftOut, ...differing];
  if (result.intact) return [...found, verdict(result)].join('\n');
  const faults = new Table({
    head: ['what', 'fault', 'where'],
    style: { head: [], border: [] },
    colWidths: [9, 16, 90],
    wordWrap: true,
  });
  for (const fault of result.faults) faults.push([fault.kind, fault.fault, fault.message]);
  const more = result.faultCount - result.faults.length;
  return [
    ...found,
    faults.toString(),
    ...(more > 0 ? [`and ${number(more)} more`] : []),
    verdict(result),
  ].join('\n');
}
