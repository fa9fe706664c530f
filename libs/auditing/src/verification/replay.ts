import {
  BatchRows,
  beginsWithOne,
  compareTable,
  compareTimeline,
  eventFor,
  findBeyond,
  loadRows,
  Timeline,
  type EventStore,
  type Positions,
  type Projection,
  type RecordedEvent,
  type Row,
  type RowDifference,
  type RowReference,
  type StoredEvent,
  type TableDefinition,
} from '#event-sourcing';
import type pg from 'pg';

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
  /** Up to where each table is compared. One that no event touches waits: it is compared with the next that is, or at the end. */
  private readonly compared = new Map<TableDefinition, bigint>();
  /** Rows as they ought to be where the stored ones are not: later versions are made of these. */
  private readonly corrected = new Map<TableDefinition, Map<string, Row | undefined>>();

  constructor(
    private readonly sql: pg.ClientBase,
    private readonly store: EventStore,
    private readonly projection: Projection,
    /** An event could not be applied. */
    private readonly onPoison: (event: StoredEvent, error: unknown) => void,
  ) {}

  get name(): string {
    return this.projection.name;
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
      const isQuiet = changes.opened.length + changes.closed.length === 0;
      if (isQuiet && !everyTable) continue;
      const since = { from: this.compared.get(table) ?? -1n, to: range.to };
      const found = await compareTable(this.sql, this.name, changes, since, range.from);
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

  /** What differs in the times of the events in `range`. */
  async compareTimes(replayed: readonly Replayed[], range: Positions): Promise<Difference[]> {
    const timeline = new Timeline(this.newest);
    for (const { position, stream, time } of replayed) {
      if (this.follows(stream, position)) timeline.add(time, position);
      else timeline.pass(time);
    }
    this.newest = timeline.newest;
    const found = await compareTimeline(this.sql, this.name, timeline, range);
    return found.map((each) => ({ ...each, table: `${this.name}.timeline` }));
  }

  /** What is stored, up to the position, although no event has made it. */
  async compareRest(to: bigint): Promise<Difference[]> {
    const differences: Difference[] = [];
    for (const table of this.projection.tables) {
      const nothing = { table, opened: [], closed: [] };
      const found = [
        ...(await findBeyond(this.sql, this.name, table)),
        ...(await compareTable(this.sql, this.name, nothing, { from: this.compared.get(table) ?? -1n, to })),
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
    await loadRows(this.sql, this.name, references, rows, before);
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
    await loadRows(this.sql, this.name, [{ table, key }], stored, fromPosition);
    const isBefore = fromPosition <= (this.compared.get(table) ?? -1n);
    corrected.set(name, isBefore ? stored.get(table, key) : undefined);
  }

  private follows(stream: string, position: bigint): boolean {
    return beginsWithOne(stream, this.projection.streamPrefixes) && !this.skipped.has(position);
  }

  private nameOf(table: TableDefinition): string {
    return `${this.name}.${table.name}`;
  }
}

const SEPARATOR = '\u0000';
