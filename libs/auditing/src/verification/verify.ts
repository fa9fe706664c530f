import {
  beginsWithOne,
  isAuthentic,
  readSkipped,
  recordedMicros,
  timeOf,
  type EventStore,
  type Positions,
  type Projection,
  type SkippedEvent,
  type StoredEvent,
  type Summary,
} from '#event-sourcing';
import type pg from 'pg';
import { Chains } from './chains.js';
import { Connection } from './connection.js';
import { AUDIT, eventTable } from '../projections/audit-projection.js';
import { Faults } from './faults.js';
import { readIndexed, type Indexed } from './index-differences.js';
import { Seals } from './seals.js';
import { summaryDifferences, type SummaryDifferences } from './summaries.js';
import { Replay, type Difference, type Replayed } from './replay.js';
import type { EditionResult, Progress, VerificationResult } from './verification-result.js';

/** What is verified, and how it is reached. */
export interface Verified {
  readonly store: EventStore;
  /** Of its own. The summaries, and each projection, are compared side by side over as many as there are. */
  readonly connections: readonly pg.ClientBase[];
  /** All of the program; the index of events, `audit`, is one of them. */
  readonly projections: readonly Projection[];
  readonly summaries: readonly Summary[];
  /** Begin the names of all streams of the application. */
  readonly streamPrefixes: readonly string[];
  /** Whether an edition, rendered again, has the SHA-256 it was published with. */
  compareEdition(year: number, edition: number): Promise<EditionResult['content']>;
}

/** Events looked at together. */
const BATCH = 1_000;

/**
 * Reads every event in its order and checks that it is what was recorded (hash, and the hash before it), that none that was
 * indexed is missing or moved, and that all rows of the read models are what the events make of them, version by version.
 * Events that come meanwhile are left to the next time.
 * @throws NotVerifiable when the stored rows are of another version of a projection than this program's
 */
export async function verify(
  verified: Verified,
  onProgress: (progress: Progress) => void = () => undefined,
  batch = BATCH,
): Promise<VerificationResult> {
  return new Verification(verified, onProgress, batch).run();
}

/** The stored rows cannot be compared: another version of the program has made them, or none yet. */
export class NotVerifiable extends Error {
  override name = 'NotVerifiable';
}

class Verification {
  private readonly faults = new Faults();
  private readonly chains = new Chains(this.faults);
  private readonly seals: Seals;
  private readonly editions: EditionResult[] = [];
  /** Of all projections; `index` is one of them, `replays` are the others. */
  private readonly all: readonly Replay[];
  private readonly index: Replay;
  private readonly replays: readonly Replay[];
  /** What the index has although no event stands there; whether it is anywhere is known at the end. */
  private readonly phantoms: Indexed[] = [];
  /** By the projection's name. */
  private skipped: ReadonlyMap<string, readonly SkippedEvent[]> = new Map();
  private events = 0;
  private readonly sql: Connection;

  constructor(
    private readonly verified: Verified,
    private readonly onProgress: (progress: Progress) => void,
    private readonly batch: number,
  ) {
    const { connections, store, projections } = verified;
    const [first, ...others] = connections.map((client) => new Connection(client));
    this.sql = first!;
    const onPoison = (event: StoredEvent, error: unknown) =>
      this.chains.fault('not-applicable', event, error instanceof Error ? error.message : String(error));
    this.seals = new Seals(store, this.chains);
    this.all = projections.map((projection, nth) => {
      const own = others[nth % others.length] ?? this.sql;
      return new Replay(own, store, projection, onPoison);
    });
    this.index = this.all.find(({ name }) => name === AUDIT)!;
    this.replays = this.all.filter(({ name }) => name !== AUDIT);
  }

  async run(): Promise<VerificationResult> {
    const { store, streamPrefixes } = this.verified;
    const { compared, total } = await this.readCheckpoints();
    // After the checkpoints: what is skipped from now on lies beyond them.
    this.skipped = await readSkipped(this.sql);
    for (const replay of this.all) {
      const skipped = this.skipped.get(replay.name) ?? [];
      replay.skipped = new Set(skipped.map(({ position }) => BigInt(position)));
    }
    const summed = summaryDifferences(this.sql, this.verified.summaries, compared);
    // Awaited at the end.
    summed.catch(() => undefined);
    const head = (await store.head(streamPrefixes))?.position ?? -1n;
    const end = head > compared ? head : compared;
    let page = this.read(-1n, end, compared);
    for (let isLast = false; !isLast;) {
      const { events, range } = await page;
      isLast = range.to === end;
      if (!isLast) page = this.read(range.to, end, compared);
      // Awaited in its turn; until then, or when this page fails, its failure is not unhandled.
      page.catch(() => undefined);
      await this.take(events, range, compared);
      this.events += events.length;
      this.onProgress({ events: this.events, of: Math.max(total, this.events) });
    }
    await this.finish(compared, await summed);
    await this.verifyEditions();
    return this.result(end, compared);
  }

  /** The next page, its hashes checked and its rows read while the page before is compared. */
  private async read(from: bigint, end: bigint, compared: bigint): Promise<Page> {
    const page = await this.verified.store.readAfter(from, this.batch);
    const newest = page.at(-1)?.position ?? end;
    // Rows that the events of a deleted end have left lie beyond the last event.
    const range = { from, to: page.length < this.batch || newest >= end ? end : newest };
    if (range.to <= compared) for (const replay of this.all) replay.readAhead(range);
    const events = page
      .filter((event) => this.isOurs(event) && event.position <= end)
      .map((event) => ({ event, authentic: isAuthentic(event) }));
    return { events, range };
  }

  private async take(events: readonly Read[], range: Positions, compared: bigint): Promise<void> {
    if (range.from < compared && compared < range.to) {
      const isCompared = ({ event }: Read) => event.position <= compared;
      await this.take(events.filter(isCompared), { from: range.from, to: compared }, compared);
      const later = events.filter((event) => !isCompared(event));
      return this.take(later, { from: compared, to: range.to }, compared);
    }
    const faulty = new Set<StoredEvent>();
    for (const { event, authentic } of events) {
      if (!this.chains.take(event, authentic)) faulty.add(event);
      else if (Seals.isSealed(event)) await this.seals.take(event);
    }
    if (range.to > compared) return;
    await this.compare(
      events.map(({ event }) => event),
      faulty,
      range,
    );
  }

  private async compare(
    events: readonly StoredEvent[],
    faulty: ReadonlySet<StoredEvent>,
    range: Positions,
  ): Promise<void> {
    const at = new Map(events.map((event) => [event.position, event]));
    const replayed = events.map((event): Replayed => {
      const { position, stream } = event;
      return { position, stream, time: timeOf(event), ...(faulty.has(event) ? {} : { event }) };
    });
    const differences = await this.index.compareRows(replayed, range, true);
    const indexed = await readIndexed(this.sql, differences);
    const gone: Indexed[] = [];
    for (const [position, differing] of byPosition(differences)) {
      const event = at.get(position);
      if (!event) gone.push(...(indexed.get(position) ?? []));
      else if (!faulty.has(event)) await this.compareIndexed(event, differing, indexed.get(position) ?? []);
    }
    for (const row of gone) this.chains.break(row.stream, row.position);
    this.phantoms.push(...gone);

    const whole = inOrder([
      ...replayed.map((each) => this.asRecorded(each, indexed.get(each.position)?.[0])),
      ...gone.map((row): Replayed => ({ ...row, time: recordedMicros(row.recordedAt, row.created) })),
    ]);
    // At once: while PostgreSQL is busy for one, another's events are applied here.
    const rest = await Promise.all([
      this.index.compareTimes(whole, range),
      ...this.replays.map(async (replay) => [
        ...(await replay.compareRows(whole, range)),
        ...(await replay.compareTimes(whole, range)),
      ]),
    ]);
    const streams = new Map(whole.map(({ position, stream }) => [position, stream]));
    await this.takeUnexplained(rest.flat(), streams, at);
  }

  /**
   * Differences in rows that no fault of an event explains: where they arise, the stream is whole.
   * @param streams of the positions of this batch; those of others are in the index
   */
  private async takeUnexplained(
    differences: readonly Difference[],
    streams: ReadonlyMap<bigint, string> = new Map(),
    at: ReadonlyMap<bigint, StoredEvent> = new Map(),
  ): Promise<void> {
    const elsewhere = differences.filter(({ position }) => !streams.has(position));
    const indexed = await readIndexed(this.sql, elsewhere);
    for (const difference of differences) {
      const { position } = difference;
      const stream = streams.get(position) ?? indexed.get(position)?.[0]?.stream;
      if (stream === undefined || !this.chains.isBroken(stream, position))
        this.rowFault(difference, at.get(position));
    }
  }

  /** An event that is what was recorded, at a position where the index says something else. */
  private async compareIndexed(
    event: StoredEvent,
    differences: readonly Difference[],
    indexed: readonly Indexed[],
  ): Promise<void> {
    const missing = differences.find(({ fault }) => fault === 'missing');
    const other = indexed.find((row) => row.stream !== event.stream || row.revision !== event.revision);
    if (missing && other) {
      const why = `revision ${other.revision} of ${other.stream} was recorded here`;
      this.chains.fault('out-of-place', event, why);
      this.chains.break(other.stream, other.position);
    } else if (indexed[0] && (await this.isReplaced(event, indexed[0])))
      this.chains.fault('altered', event, 'it was recorded with another hash');
    else this.rowFault(missing ?? differences[0]!, event);
  }

  /** Event and index name different hashes: the event after it says which was there when it was written. */
  private async isReplaced(event: StoredEvent, { hash }: Indexed): Promise<boolean> {
    const own = event.metadata.hash;
    if (hash === null || own === hash) return false;
    if (own === undefined) return true;
    const [next] = await this.verified.store.streamFrom(event.stream, event.revision + 1n, 1);
    return next?.metadata.previousHash === hash;
  }

  /** What is known to be wrong says nothing of rows; its times are those that it was recorded with. */
  private asRecorded(replayed: Replayed, indexed: Indexed | undefined): Replayed {
    const { stream, position } = replayed;
    if (!this.chains.isBroken(stream, position)) return replayed;
    const time = indexed ? recordedMicros(indexed.recordedAt, indexed.created) : replayed.time;
    return { position, stream, time };
  }

  private async finish(compared: bigint, summed: readonly SummaryDifferences[]): Promise<void> {
    for (const replay of this.all) {
      await this.takeUnexplained(await replay.compareRest(compared));
    }
    for (const { stream, revision, position, id } of this.phantoms) {
      const [at, where] = [String(position), `revision ${revision} of ${stream}`];
      if (this.chains.isThere(stream, revision)) {
        const table = `${AUDIT}.${eventTable.name}`;
        this.faults.add({
          ...{ kind: 'row', fault: 'unexpected', table, key: [id], fromPosition: at, columns: [] },
          message: `the index has ${where} at ${at}, the event is not there`,
        });
      } else {
        this.faults.add({
          ...{ kind: 'event', fault: 'missing', stream, revision: String(revision), position: at },
          message: `${where} was recorded at ${at} and is not there`,
        });
      }
    }
    this.chains.finish();
    for (const { of, differences } of summed) {
      // Rows that are at fault themselves explain what they come to.
      if (!this.faults.hasRowsOf(of)) for (const difference of differences) this.rowFault(difference);
    }
  }

  /** Where something else was found, an edition that differs is a consequence, and no fault of its own. */
  private async verifyEditions(): Promise<void> {
    const isExplained = this.faults.count > 0;
    for (const { year, edition, position, root } of this.seals.editions) {
      const content = await this.verified.compareEdition(year, edition);
      this.editions.push({ year, edition, position: String(position), root, content });
      if (isExplained || (root === 'matches' && content !== 'differs')) continue;
      const what = root === 'differs' ? 'Merkle root over the streams' : 'SHA-256 of the report';
      this.faults.add({
        ...{ kind: 'edition', fault: root === 'differs' ? 'root' : 'content', year, edition },
        message: `edition ${edition} of ${year}: the ${what} is not the one that was published`,
      });
    }
  }

  private rowFault(
    { table, key, fromPosition, fault, columns, position }: Difference,
    event?: StoredEvent,
  ): void {
    const by = event ? `revision ${event.revision} of ${event.stream}` : `the events up to ${position}`;
    const what = {
      missing: `is not there, though ${by} makes it`,
      unexpected: `is there, though ${by} does not make it`,
      different: `differs in ${columns.join(', ')} from what ${by} makes of it`,
    }[fault];
    this.faults.add({
      ...{ kind: 'row', fault, table, key, fromPosition: String(fromPosition), columns },
      message: `${table} ${key.join('/')} ${what}`,
    });
  }

  /** Up to where all projections have applied everything, and how many events that is. */
  private async readCheckpoints(): Promise<{ compared: bigint; total: number }> {
    const { projections } = this.verified;
    const { rows } = await this.sql.query('select name, version, position, events from public.projection');
    const stored = new Map((rows as Checkpoint[]).map((row) => [row.name, row]));
    for (const { name, version } of projections) {
      const row = stored.get(name);
      if (row?.version === version) continue;
      throw new NotVerifiable(
        row
          ? `the rows of ${name} are of version ${row.version}, this program's of ${version}: let the projector rebuild them`
          : `${name} has no rows yet: let the projector make them`,
      );
    }
    const known = projections.map(({ name }) => stored.get(name)!);
    const compared = known
      .map(({ position }) => BigInt(position))
      .reduce((low, each) => (each < low ? each : low));
    return { compared, total: Number(stored.get(AUDIT)!.events) };
  }

  private isOurs({ stream }: StoredEvent): boolean {
    return beginsWithOne(stream, this.verified.streamPrefixes);
  }

  private result(position: bigint, compared: bigint): VerificationResult {
    const { heads, unprotected, brokenStreams } = this.chains;
    return {
      intact: this.faults.count === 0,
      position: String(position),
      rowsPosition: String(compared),
      events: this.events,
      streams: heads.size,
      rows: this.all.reduce((sum, { rows }) => sum + rows, 0),
      unprotected: { events: unprotected.events, streams: [...unprotected.streams] },
      editions: this.editions,
      skipped: this.verified.projections.flatMap(({ name: projection }) =>
        (this.skipped.get(projection) ?? []).map((event) => ({ projection, ...event })),
      ),
      notCompared: { streams: brokenStreams },
      faults: this.faults.listed,
      faultCount: this.faults.count,
    };
  }
}

interface Page {
  readonly events: readonly Read[];
  readonly range: Positions;
}

interface Read {
  readonly event: StoredEvent;
  /** See isAuthentic. */
  readonly authentic: boolean | undefined;
}

interface Checkpoint {
  readonly name: string;
  readonly version: number;
  readonly position: string;
  readonly events: string;
}

function byPosition(differences: readonly Difference[]): ReadonlyMap<bigint, Difference[]> {
  const found = new Map<bigint, Difference[]>();
  for (const difference of differences)
    found.set(difference.position, [...(found.get(difference.position) ?? []), difference]);
  return found;
}

function inOrder(replayed: readonly Replayed[]): readonly Replayed[] {
  return [...replayed].sort((one, other) => (one.position < other.position ? -1 : 1));
}
