import Table from 'cli-table3';
import { CannotRun } from '../cannot-run.js';
import { Pipeline } from './pipeline.js';
import { progressBar } from './progress-bar.js';
import { RawStore } from './raw-store.js';
import { runsOf } from './runs.js';
import { openTarget, put, refusal, saveRecord, type CopyRecord } from './target.js';
import { verify, type Verification } from './verify.js';

export interface CopyOptions {
  /** Connection strings. */
  readonly from: string;
  readonly to: string;
}

/** A copy that is broken off sends at most these again. */
const EVENTS_PER_RECORD = 5_000;

/**
 * `coop event-store copy`: every event with its id, stream, revision, content and place in $all; stream metadata and deletions.
 * Where it stands is known from the target alone, so it can be killed at any point and run again.
 * @returns the exit status: 0 verified, 1 something differs
 * @throws CannotRun when a store cannot be reached, or the target holds something else
 */
export async function copy({ from, to }: CopyOptions): Promise<0 | 1> {
  if (from === to) throw new CannotRun('--from and --to are the same store.');
  const source = new RawStore('source', from);
  const target = new RawStore('target', to);
  try {
    const began = Date.now();
    const begin = await openTarget(source, target);
    const end = begin && (await copyEvents(source, target, begin));
    const seconds = (Date.now() - began) / 1000;
    const bar = progressBar('verifying', undefined, end?.position);
    const verification = await verify(source, target, end?.position, bar.update).finally(bar.stop);
    console.log(summary(verification, (end?.events ?? 0) - (begin?.events ?? 0), seconds));
    for (const difference of verification.differences) console.error(difference);
    return verification.differences.length === 0 ? 0 : 1;
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

/**
 * In the order of $all. What a copy before may have written already is sent one append at a time, each checked; from there on without
 * waiting for each answer.
 */
async function copyEvents(source: RawStore, target: RawStore, begin: CopyRecord): Promise<CopyRecord> {
  const [bar, there] = [
    progressBar('copying', begin.position, (await source.newest())?.position),
    await target.newest(),
  ];
  const pipeline = new Pipeline(await target.openAppends(), refusal);
  let repeating = there !== undefined && there.id !== begin.last;
  let record = begin;
  let saved = begin;
  const save = async () => {
    await pipeline.drain();
    await saveRecord(target, record);
    saved = record;
  };
  try {
    for await (const run of runsOf(source.readAll(begin.position))) {
      if (run.kind === 'event' && !repeating) await pipeline.send(run.events);
      else {
        await pipeline.drain();
        await put(target, run);
      }
      if (run.events.some(({ id }) => id === there?.id)) repeating = false;
      const events = record.events + (run.kind === 'event' ? run.events.length : 0);
      const last = run.kind === 'event' ? run.events.at(-1)!.id : record.last;
      record = { ...record, position: run.position, at: run.events.at(-1)!.id, events, last };
      bar.update(run.position, events - begin.events);
      if (events - saved.events >= EVENTS_PER_RECORD) await save();
    }
    if (record !== saved) await save();
    return record;
  } finally {
    bar.stop();
    pipeline.close();
  }
}

function summary({ source, target, differences }: Verification, copied: number, seconds: number): string {
  const table = new Table({
    head: ['', 'source', 'target'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [] },
  });
  table.push(
    ['events', source.events, target.events],
    ['streams with metadata or deleted', source.settings, target.settings],
    ['hash (SHA-256, first half)', source.hash.slice(0, 32), target.hash.slice(0, 32)],
  );
  const rate = Math.round(copied / Math.max(seconds, 0.001));
  const verdict = differences.length === 0 ? 'Verified: the target holds the same.' : 'The target differs.';
  return `${table.toString()}\nCopied ${copied} events in ${seconds.toFixed(1)} s (${rate}/s). ${verdict}`;
}
