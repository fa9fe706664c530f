import type { Position, RawEvent } from '#event-sourcing';
import { CannotRun } from '../cannot-run.js';
import { kindOf } from './raw-event.js';
import type { RawStore } from './raw-store.js';
import type { Run } from './runs.js';

/** Where the target itself records how far the copy has come; a system stream, which copies leave out. */
const RECORD_STREAM = '$event-store-copy';
const RECORD_TYPE = '$copied';

/** How far a copy has come; everything up to here is in the target. */
export interface CopyRecord {
  /** Id of the source's first event: which store this is a copy of. */
  readonly source: string;
  /** In the source; undefined before the first event. */
  readonly position?: Position;
  /** Up to here, in this run and those before. */
  readonly events: number;
  /** Id of the event at the position. */
  readonly at?: string;
  /** Id of the last ordinary event up to there. */
  readonly last?: string;
}

/**
 * Where to go on; a first record is made in an empty target.
 * @throws CannotRun when the target holds anything but the beginning of a copy of this source
 */
export async function openTarget(source: RawStore, target: RawStore): Promise<CopyRecord | undefined> {
  const first = await firstOf(source);
  const last = await target.last(RECORD_STREAM);
  if (last) {
    const record = parsed(last);
    if (record.source !== first?.id || !(await isCopyOf(source, record)))
      throw new CannotRun('the target holds a copy of another store: give an empty one.');
    return record;
  }
  const other = await firstOf(target);
  if (other) throw new CannotRun(`the target holds events already (${named(other)}): give an empty store.`);
  if (!first) return undefined;
  const record = { source: first.id, events: 0 };
  await saveRecord(target, record);
  return record;
}

function parsed({ data }: RawEvent): CopyRecord {
  const { commit, prepare, ...record } = JSON.parse(Buffer.from(data).toString());
  if (commit === undefined) return record;
  return { ...record, position: { commit: BigInt(commit), prepare: BigInt(prepare) } };
}

/** Positions mean something in the store they are from only; two copies of one store begin with the same event. */
async function isCopyOf(source: RawStore, { position, at }: CopyRecord): Promise<boolean> {
  if (!position) return true;
  for await (const event of source.readAll(position, 'inclusive')) return event.id === at;
  return false;
}

export async function saveRecord(target: RawStore, { position, ...record }: CopyRecord): Promise<void> {
  const where = position && { commit: String(position.commit), prepare: String(position.prepare) };
  await target.append(RECORD_STREAM, 'any', [
    {
      id: crypto.randomUUID(),
      type: RECORD_TYPE,
      contentType: 'application/json',
      data: Buffer.from(JSON.stringify({ ...record, ...where })),
      metadata: new Uint8Array(),
    },
  ]);
}

/**
 * Writes a run, or what of it is not there yet: the server knows an append it has seen by revision and ids.
 * @throws CannotRun when another event has the place of one
 */
export async function put(target: RawStore, run: Run): Promise<void> {
  if (run.kind === 'tombstone') return target.tombstone(run.stream);
  if (run.kind === 'metadata') return putMetadata(target, run.events[0]!);
  const [first, last] = [run.events[0]!, run.events.at(-1)!];
  const result = await target.append(run.stream, first.revision - 1n, run.events);
  // Copied before, up to the tombstone that follows in the source; what else it could be, the verification will tell.
  if (result.outcome === 'deleted') return;
  if (result.outcome === 'written') {
    if (result.revision === last.revision) return;
    throw new CannotRun(
      `${named(first)} went to another revision: the target had other events in that stream.`,
    );
  }
  if (run.events.length > 1) {
    // Some of it is there: it was cut elsewhere when the copy was broken off. Each event by itself is an exact repeat or new.
    for (const event of run.events) await put(target, { ...run, events: [event] });
    return;
  }
  throw refusal(first, result.current);
}

/** Why an event cannot have its place in the target, whose stream is at `current`. */
export function refusal(event: RawEvent, current = -1n): CannotRun {
  return new CannotRun(
    current < event.revision - 1n
      ? `${named(event)} does not follow what is before it: the source was scavenged, and a copy could not keep its revisions.`
      : `the target holds another event in the place of ${named(event)}: give an empty store.`,
  );
}

/** The newest event of a metadata stream is what counts, so only a change is written; the target itself writes some as well. */
async function putMetadata(target: RawStore, event: RawEvent): Promise<void> {
  const last = await target.last(event.stream);
  if (last && Buffer.from(last.data).equals(event.data)) return;
  await target.append(event.stream, last?.revision ?? -1n, [event]);
}

async function firstOf(store: RawStore): Promise<RawEvent | undefined> {
  for await (const event of store.readAll()) if (kindOf(event) !== 'system') return event;
  return undefined;
}

/** How an event is named to the operator. */
export function named({ stream, revision, id }: RawEvent): string {
  return `revision ${revision} of stream ${stream}, event ${id}`;
}
