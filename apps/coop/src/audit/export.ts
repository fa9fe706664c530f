import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Refused } from '#process';
import { AccessTrail, AuditFeed, cloudEvent, lines, type AuditEvent, type Progress } from '#auditing';
import { progressBar } from '../event-store/copy/progress-bar.js';
import { withReadModels } from '../stores/read-models.js';

export interface ExportOptions {
  readonly stream?: string;
  readonly type?: string;
  readonly actorFilter?: string;
  readonly from?: string;
  readonly to?: string;
  readonly format: 'ndjson' | 'cloudevents';
  readonly output?: string;
  /** Id of who exports. */
  readonly by: string;
}

/** `coop audit export`: the same lines as `GET /audit/events` gives as x-ndjson, to a file or standard output. */
export async function exportEvents(options: ExportOptions): Promise<void> {
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Refused('Stopped: the export is not complete.'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await withReadModels((application) => logged(application, options, stopping.signal));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** The export with its entry in the access trail. */
async function logged(
  application: INestApplicationContext,
  options: ExportOptions,
  signal: AbortSignal,
): Promise<void> {
  const { by, output, format, actorFilter, ...filters } = options;
  const asked = { ...filters, actor: actorFilter };
  const trail = application.get(AccessTrail);
  const id = await trail.begin(
    { id: by, roles: [] },
    { route: 'coop audit export', filters: { ...asked, format } },
  );
  const progress: Progress = { count: 0, lastPosition: null };
  const feed = application.get(AuditFeed);
  try {
    const head = await feed.head();
    const events = shown(feed.events(asked, head), head, progress);
    const form = format === 'cloudevents' ? cloudEvent : (event: AuditEvent) => event;
    await write(Readable.from(lines(events, form, progress)), output, signal);
    await trail.end(id, { outcome: 'complete', count: progress.count });
    if (output !== undefined)
      console.error(`${progress.count.toLocaleString('en')} events are in ${output}.`);
  } catch (error) {
    await trail.end(id, { outcome: 'cut-off', count: progress.count });
    throw error;
  }
}

/** The same events, with a bar of how far they are. */
async function* shown(
  events: AsyncIterable<AuditEvent>,
  head: bigint,
  progress: Progress,
): AsyncGenerator<AuditEvent> {
  const bar = progressBar('Exporting', undefined, { commit: head });
  try {
    for await (const event of events) {
      yield event;
      bar.update({ commit: BigInt(event.position) }, progress.count);
    }
  } finally {
    bar.stop();
  }
}

/** To standard output, or to a file that has its name only once it is complete. */
async function write(text: Readable, output: string | undefined, signal: AbortSignal): Promise<void> {
  const partial = `${output}.partial`;
  try {
    if (output === undefined) return await pipeline(text, process.stdout, { signal, end: false });
    await pipeline(text, createWriteStream(partial, { flush: true }), { signal });
    await rename(partial, output);
  } catch (error) {
    if (output !== undefined) await rm(partial, { force: true });
    if (signal.aborted) throw signal.reason;
    const isOfFile = output !== undefined && (error as NodeJS.ErrnoException).path !== undefined;
    throw isOfFile ? new Refused(`${output} cannot be written: ${(error as Error).message}`) : error;
  }
}
