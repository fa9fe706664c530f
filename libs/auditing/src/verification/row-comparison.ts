import {
  readSkipped,
  recordedMicros,
  timeOf,
  type Positions,
  type SkippedEvent,
  type StoredEvent,
} from '#event-sourcing';
import type { Chains } from './chains.js';
import { Connection } from './connection.js';
import { AUDIT, eventTable } from '../projections/audit-projection.js';
import type { Faults } from './faults.js';
import { findMoved, readIndexed, type Indexed } from './index-differences.js';
import { summaryDifferences, type SummaryDifferences } from './summaries.js';
import { Replay, type Difference, type Replayed } from './replay.js';
import type { VerificationResult } from './verification-result.js';
import type { Verified } from './verified.js';

/** The stored rows cannot be compared: another version of the program has made them, or none yet. */
export class NotVerifiable extends Error {
  override name = 'NotVerifiable';
}

/** How far rows can be compared. */
export interface Comparable {
  /** Up to where all projections have applied everything. */
  readonly compared: bigint;
  /** How many events that is. */
  readonly total: number;
}

/**
 * Compares all stored rows with what the events make of them, version by version. The index of events comes first: it knows what
 * was recorded, so what does not follow from an event that is there, but from one that was, is no fault of the rows.
 */
export class RowComparison {
  private readonly sql: Connection;
  /** Of all projections; `index` is one of them, `replays` are the others. */
  private readonly all: readonly Replay[];
  private readonly index: Replay;
  private readonly replays: readonly Replay[];
  /** What the index has although no event stands there; whether it is anywhere is known at the end. */
  private readonly phantoms: Indexed[] = [];
  /** Ids of events that are at another position than the index has. */
  private readonly moved = new Set<string>();
  /** By the projection's name. */
  private skipped: ReadonlyMap<string, readonly SkippedEvent[]> = new Map();
  private compared = -1n;
  private summed: Promise<readonly SummaryDifferences[]> = Promise.resolve([]);

  constructor(
    private readonly verified: Verified,
    private readonly chains: Chains,
    private readonly faults: Faults,
  ) {
    const { connections, store, projections } = verified;
    const [first, ...others] = connections.map((client) => new Connection(client));
    this.sql = first!;
    const onPoison = (event: StoredEvent, error: unknown) =>
      this.chains.fault('not-applicable', event, error instanceof Error ? error.message : String(error));
    this.all = projections.map((projection, nth) => {
      const own = others[nth % others.length] ?? this.sql;
      return new Replay(own, store, projection, onPoison);
    });
    this.index = this.all.find(({ name }) => name === AUDIT)!;
    this.replays = this.all.filter(({ name }) => name !== AUDIT);
  }

  /** @throws NotVerifiable */
  async begin(): Promise<Comparable> {
    const comparable = await this.readCheckpoints();
    this.compared = comparable.compared;
    // After the checkpoints: what is skipped from now on lies beyond them.
    this.skipped = await readSkipped(this.sql);
    for (const replay of this.all) {
      const skipped = this.skipped.get(replay.name) ?? [];
      replay.skipped = new Set(skipped.map(({ position }) => BigInt(position)));
    }
    this.summed = summaryDifferences(this.sql, this.verified.summaries, this.compared);
    // Awaited at the end.
    this.summed.catch(() => undefined);
    return comparable;
  }

  /** Has the rows of a range read, while others are compared. */
  readAhead(range: Positions): void {
    if (range.to <= this.compared) for (const replay of this.all) replay.readAhead(range);
  }

  /**
   * Compares the rows of a range.
   * @param events all that are there
   * @param faulty those that are not what was recorded
   */
  async compare(
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
    const differingAt = byPosition(differences);
    const isUnknown = ({ position }: StoredEvent) => differingAt.has(position) && !indexed.has(position);
    const moved = await findMoved(this.sql, events.filter(isUnknown));
    const gone: Indexed[] = [];
    for (const [position, differing] of differingAt) {
      const event = at.get(position);
      const recorded = indexed.get(position) ?? [];
      if (!event) gone.push(...recorded);
      else if (!faulty.has(event)) await this.compareIndexed(event, differing, recorded, moved.get(event.id));
      // What was recorded there is what was altered.
      else for (const { stream, revision } of recorded) this.accountFor(stream, revision, position);
    }
    for (const row of gone) this.chains.break(row.stream, row.position);
    this.phantoms.push(...gone);

    const isRecorded = ({ position }: Replayed) => {
      const event = at.get(position)!;
      return !this.moved.has(event.id) && (!faulty.has(event) || indexed.has(position));
    };
    const whole = inOrder([
      // What was not recorded here has moved no other's time.
      ...replayed.filter(isRecorded).map((each) => this.asRecorded(each, indexed.get(each.position)?.[0])),
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

  /** Compares what lies between and beyond the ranges, and what is summed up of the rows; `chains` knows all events by now. */
  async finish(): Promise<void> {
    for (const replay of this.all) {
      await this.takeUnexplained(await replay.compareRest(this.compared));
    }
    for (const { stream, revision, position, id } of this.phantoms) {
      if (this.moved.has(id)) continue;
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
        this.chains.explain(stream, revision);
      }
    }
    for (const { of, differences } of await this.summed) {
      // Rows that are at fault themselves explain what they come to.
      if (!this.faults.hasRowsOf(of)) for (const difference of differences) this.rowFault(difference);
    }
  }

  /** How many rows were compared. */
  get rows(): number {
    return this.all.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** What projections were told to leave out. */
  get leftOut(): VerificationResult['skipped'] {
    return this.verified.projections.flatMap(({ name: projection }) =>
      (this.skipped.get(projection) ?? []).map((event) => ({ projection, ...event })),
    );
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

  /**
   * An event that is what was recorded, at a position where the index says something else.
   * @param recorded where it was recorded, if that is known to be elsewhere
   */
  private async compareIndexed(
    event: StoredEvent,
    differences: readonly Difference[],
    indexed: readonly Indexed[],
    recorded: Indexed | undefined,
  ): Promise<void> {
    const missing = differences.find(({ fault }) => fault === 'missing');
    const other = indexed.find((row) => row.stream !== event.stream || row.revision !== event.revision);
    if (missing && other) {
      const why = `revision ${other.revision} of ${other.stream} was recorded here`;
      this.chains.fault('out-of-place', event, why);
      this.chains.misplaced(event);
      this.accountFor(other.stream, other.revision, other.position);
    } else if (recorded && recorded.position <= this.compared) {
      this.moved.add(event.id);
      this.chains.fault('out-of-place', event, `it was recorded at ${recorded.position}`);
      this.chains.misplaced(event);
      this.chains.break(recorded.stream, recorded.position);
    } else if (indexed[0] && (await this.isReplaced(event, indexed[0]))) {
      this.chains.fault('altered', event, 'it was recorded with another hash');
      if (other) {
        this.chains.misplaced(event);
        this.accountFor(other.stream, other.revision, other.position);
      }
    } else this.rowFault(missing ?? differences[0]!, event);
  }

  /** Event and index name different hashes: the event after it says which was there when it was written. */
  private async isReplaced(event: StoredEvent, { hash }: Indexed): Promise<boolean> {
    const own = event.metadata.hash;
    if (hash === null || own === hash) return false;
    if (own === undefined) return true;
    const [next] = await this.verified.store.streamFrom(event.stream, event.revision + 1n, 1);
    return next?.metadata.previousHash === hash;
  }

  /**
   * What is known to be wrong says nothing of rows; its times are those that it was recorded with. Where store and index differ in
   * when the store took it in, the later is meant: only an earlier time dates an event otherwise.
   */
  private asRecorded(replayed: Replayed, indexed: Indexed | undefined): Replayed {
    const { stream, position, time } = replayed;
    const recorded = indexed ? recordedMicros(indexed.recordedAt, indexed.created) : time;
    if (this.chains.isBroken(stream, position)) return { position, stream, time: recorded };
    return { ...replayed, time: Math.max(time, recorded) };
  }

  /** What was recorded there is not: what follows in its stream says nothing of the rows. */
  private accountFor(stream: string, revision: bigint, position: bigint): void {
    this.chains.explain(stream, revision);
    this.chains.break(stream, position);
  }

  private rowFault(
    { table, key, fromPosition, fault, columns, position }: Difference,
    event?: StoredEvent,
  ): void {
    const by = event ? `revision ${event.revision} of ${event.stream}` : `the record up to ${position}`;
    const what = {
      missing: `is not there, though ${by} makes it`,
      unexpected: `is there, though ${by} does not make it`,
      different:
        columns.join() === 'created'
          ? `and the event store differ in when ${by} was stored: no hash tells which of the two was changed`
          : `differs in ${columns.join(', ')} from what ${by} makes of it`,
    }[fault];
    this.faults.add({
      ...{ kind: 'row', fault, table, key, fromPosition: String(fromPosition), columns },
      message: `${table} ${key.join('/')} ${what}`,
    });
  }

  private async readCheckpoints(): Promise<Comparable> {
    const { projections } = this.verified;
    const { rows } = await this.sql.query('select name, version, events from public.projection');
    const stored = new Map((rows as Checkpoint[]).map((row) => [row.name, row]));
    for (const { name, version } of projections) {
      const row = stored.get(name);
      if (row?.version === version) continue;
      throw new NotVerifiable(
        row
          ? `the rows of ${name} are of version ${row.version}, this program's of ${version}: ` +
              (row.version < version ? 'let the projector rebuild them' : 'verify with the newer program')
          : `${name} has no rows yet: let the projector make them`,
      );
    }
    const applied = await Promise.all(projections.map(({ name }) => this.appliedBy(name)));
    const compared = applied.reduce((low, each) => (each < low ? each : low));
    return { compared, total: Number(stored.get(AUDIT)!.events) };
  }

  /** Up to where the projection has applied everything, by its checkpoint; by its own events where those go farther. */
  private async appliedBy(name: string): Promise<bigint> {
    const { rows } = await this.sql.query(
      `select position, (select coalesce(max(position), -1) from ${name}.timeline) as newest
       from public.projection where name = $1`,
      [name],
    );
    const [{ position, newest }] = rows as [{ position: string; newest: string }];
    if (BigInt(newest) <= BigInt(position)) return BigInt(position);
    this.faults.add({
      ...{ kind: 'row', fault: 'different', table: 'public.projection', key: [name] },
      ...{ fromPosition: position, columns: ['position'] },
      message: `public.projection says that ${name} has applied all up to ${position}, its events go to ${newest}`,
    });
    return BigInt(newest);
  }
}

interface Checkpoint {
  readonly name: string;
  readonly version: number;
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
