import {
  areAsMade,
  areTimesAsMade,
  BatchRows,
  beginsWithOne,
  compareTable,
  compareTimeline,
  eventFor,
  findBeyond,
  loadRows,
  readTimes,
  readVersions,
  Timeline,
  type EventStore,
  type Positions,
  type Projection,
  type RecordedEvent,
  type Row,
  type RowDifference,
  type RowReference,
  type StoredVersions,
  type StoredEvent,
  type TableChanges,
  type TableDefinition,
} from '#event-sourcing';
import type { Connection } from './connection.js';

/** An event as a replay takes it. */
export interface Replayed {
  readonly position: bigint;
  readonly stream: string;
  /** When it was recorded: see timeOf of #event-sourcing. */
  readonly time: number;
  /** Absent where the event is gone or says nothing any more: it only passes. */
  readonly event?: StoredEvent;
}

export interface Difference extends RowDifference {
  /** `projection.table` */
  readonly table: string;
}

/**
 * One projection run again over the events, its rows compared with the stored ones, version by version, instead of written:
 * each batch starts from the stored versions that hold before it, which the batches before have compared.
 */
export class Replay {
  /** Versions compared. */
  rows = 0;
  /** Positions of events that the projection was told to leave out: they only pass. */
  skipped: ReadonlySet<bigint> = new Set();
  private newest = 0;
  /** Up to where the times of events are compared: as with tables, the first waits. */
  private timesCompared = -1n;
  /** Up to where each table is compared. One that no event has touched yet waits for the first that does, or for the end. */
  private readonly compared = new Map<TableDefinition, bigint>();
  /** Tables that an event has touched: compared with every batch from then on. */
  private readonly touched = new Set<TableDefinition>();
  /** What was asked for before its turn, by the end of its range. */
  private readonly ahead = new Map<bigint, Ahead>();
  /** Rows as they ought to be where the stored ones are not: later versions are made of these. */
  private readonly corrected = new Map<TableDefinition, Map<string, Row | undefined>>();

  constructor(
    private readonly connection: Connection,
    private readonly store: EventStore,
    private readonly projection: Projection,
    /** An event could not be applied. */
    private readonly onPoison: (event: StoredEvent, error: unknown) => void,
  ) {}

  get name(): string {
    return this.projection.name;
  }

  /** Has the database read now what a later batch will be compared with. */
  readAhead(range: Positions): void {
    if (this.touched.size === 0) return;
    const versions = new Map<TableDefinition, Promise<StoredVersions>>();
    for (const table of this.touched) versions.set(table, this.readVersions(table, range, range.from));
    const ahead = { from: range.from, versions, times: this.readTimes(range) };
    this.ahead.set(range.to, ahead);
    // Awaited in their turn; until then, or when none comes, a failure is not unhandled.
    for (const read of [...versions.values(), ahead.times]) read.catch(() => undefined);
  }

  /**
   * What differs from what the events, in their order, make of the state before `range`.
   * @param everyTable compare also those that no event touches, now
   */
  async compareRows(
    replayed: readonly Replayed[],
    range: Positions,
    everyTable = false,
  ): Promise<Difference[]> {
    const rows = await this.apply(replayed, range.from);
    const differences: Difference[] = [];
    const changed = new Map(rows.changes().map((changes) => [changes.table, changes]));
    for (const table of this.projection.tables) {
      const changes = changed.get(table) ?? { table, opened: [], closed: [] };
      if (changes.opened.length + changes.closed.length > 0) this.touched.add(table);
      if (!this.touched.has(table) && !everyTable) continue;
      const since = { from: this.compared.get(table) ?? -1n, to: range.to };
      const ahead = this.aheadOf(since)?.versions.get(table);
      const stored = await (ahead ?? this.readVersions(table, since, range.from));
      const found = differencesOf(stored, changes, range.to);
      differences.push(...found.map((each) => ({ ...each, table: this.nameOf(table) })));
      for (const difference of found) await this.correct(table, difference, rows);
      this.compared.set(table, range.to);
      this.rows += changes.opened.length;
    }
    for (const [table, corrected] of this.corrected) {
      for (const name of corrected.keys()) {
        const key = name.split(SEPARATOR);
        if (rows.has(table, key)) corrected.set(name, rows.get(table, key));
      }
    }
    return differences;
  }

  /** What differs in the times of the events up to the end of `range`. */
  async compareTimes(replayed: readonly Replayed[], { to }: Positions): Promise<Difference[]> {
    const timeline = new Timeline(this.newest);
    for (const { position, stream, time } of replayed) {
      if (this.follows(stream, position)) timeline.add(time, position);
      else timeline.pass(time);
    }
    this.newest = timeline.newest;
    const since = { from: this.timesCompared, to };
    const ahead = this.aheadOf(since);
    this.ahead.delete(to);
    if (timeline.positions.length === 0 && !ahead) return [];
    this.timesCompared = to;
    return this.timesDiffering(await (ahead?.times ?? this.readTimes(since)), timeline);
  }

  /** What is stored, up to the position, although no event has made it. */
  async compareRest(to: bigint): Promise<Difference[]> {
    const times = await this.readTimes({ from: this.timesCompared, to });
    const differences = this.timesDiffering(times, new Timeline(this.newest));
    for (const table of this.projection.tables) {
      const nothing = { table, opened: [], closed: [] };
      const rest = { from: this.compared.get(table) ?? -1n, to };
      const found = [
        ...(await this.connection.take((client) => findBeyond(client, this.name, table))),
        ...differencesOf(await this.readVersions(table, rest, rest.from), nothing, to),
      ];
      differences.push(...found.map((each) => ({ ...each, table: this.nameOf(table) })));
    }
    return differences;
  }

  private async apply(replayed: readonly Replayed[], before: bigint): Promise<BatchRows> {
    const rows = new BatchRows();
    const known: { stored: StoredEvent; event: RecordedEvent }[] = [];
    const references: RowReference[] = [];
    for (const { stream, position, event: stored } of replayed) {
      if (!stored || !this.follows(stream, position)) continue;
      this.attempt(stored, () => {
        const event = eventFor(this.projection, this.store, stored);
        if (!event) return;
        references.push(...this.projection.reads(event));
        known.push({ stored, event });
      });
    }
    await loadRows(this.connection, this.name, references, rows, before);
    for (const { table, key } of references) {
      const corrected = this.corrected.get(table);
      const name = key.join(SEPARATOR);
      if (corrected?.has(name)) rows.replace(table, key, corrected.get(name));
    }
    for (const { stored, event } of known) {
      rows.position = event.position;
      this.attempt(stored, () => this.projection.apply(event, rows));
    }
    return rows;
  }

  private attempt(event: StoredEvent, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.onPoison(event, error);
    }
  }

  /** The row goes on as it ought to be, so that one fault is not found again in every version after it. */
  private async correct(
    table: TableDefinition,
    { key, fromPosition }: RowDifference,
    rows: BatchRows,
  ): Promise<void> {
    const corrected = this.corrected.get(table) ?? new Map<string, Row | undefined>();
    this.corrected.set(table, corrected);
    const name = key.join(SEPARATOR);
    if (corrected.has(name)) return;
    if (rows.has(table, key)) return void corrected.set(name, rows.get(table, key));
    // No event has touched it in this batch: it is as it was, though it may be stored as ended.
    const stored = new BatchRows();
    await loadRows(this.connection, this.name, [{ table, key }], stored, fromPosition);
    const isBefore = fromPosition <= (this.compared.get(table) ?? -1n);
    corrected.set(name, isBefore ? stored.get(table, key) : undefined);
  }

  private follows(stream: string, position: bigint): boolean {
    return beginsWithOne(stream, this.projection.streamPrefixes) && !this.skipped.has(position);
  }

  private aheadOf({ from, to }: Positions): Ahead | undefined {
    const ahead = this.ahead.get(to);
    return ahead?.from === from ? ahead : undefined;
  }

  private readVersions(table: TableDefinition, range: Positions, before: bigint): Promise<StoredVersions> {
    return this.connection.take((client) => readVersions(client, this.name, table, range, before));
  }

  private readTimes(range: Positions): Promise<readonly string[]> {
    return this.connection.take((client) => readTimes(client, this.name, range));
  }

  private timesDiffering(stored: readonly string[], timeline: Timeline): Difference[] {
    if (areTimesAsMade(stored, timeline)) return [];
    const found = compareTimeline(stored, timeline);
    return found.map((each) => ({ ...each, table: `${this.name}.timeline` }));
  }

  private nameOf(table: TableDefinition): string {
    return `${this.name}.${table.name}`;
  }
}

interface Ahead {
  readonly from: bigint;
  readonly versions: ReadonlyMap<TableDefinition, Promise<StoredVersions>>;
  readonly times: Promise<readonly string[]>;
}

function differencesOf(stored: StoredVersions, changes: TableChanges, to: bigint): RowDifference[] {
  return areAsMade(stored, changes, to) ? [] : compareTable(stored, changes, to);
}

const SEPARATOR = '\u0000';
