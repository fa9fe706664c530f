import { notCaughtUp } from '#http';
import type { Query } from '#postgres';
import { AUDIT } from '../projections/audit-projection.js';
import type { EventFilters } from './filters.js';
import type { Span } from './places.js';

/** Consecutive events, and between which times they were recorded. */
interface Block {
  /** Position of its last event. */
  readonly last: bigint;
  /** Milliseconds since 1970. */
  readonly earliest: number;
  readonly latest: number;
}

interface Row {
  readonly applied: string;
  readonly last: string | null;
  readonly earliest: Date;
  readonly latest: Date;
  readonly events: number;
}

/** Events of a block: in memory a million of them are 250 blocks. */
const SIZE = 4_096;

/**
 * Finds where in the order of positions the events of some time are. The two orders are nearly the same, but clocks differ, so no
 * index gives rows by the one that were asked for by the other. What is kept here stays true: events do not change.
 */
export class TimeBlocks {
  private readonly blocks: Block[] = [];
  private reading: Promise<unknown> = Promise.resolve();

  /** @param size events of a block */
  constructor(
    private readonly query: Query,
    private readonly size = SIZE,
  ) {}

  /**
   * The part of a span outside of which no event was recorded between `from` and `to`; undefined when there is none.
   * @throws Problem 503 when the index has not reached the span's end
   */
  async narrow({ after, upTo }: Span, { from, to }: EventFilters): Promise<Span | undefined> {
    if (from === undefined && to === undefined) return { after, upTo };
    // Blocks are numbered from the last one known: one reader at a time.
    const reading = this.reading.then(() => this.read(upTo));
    this.reading = reading.catch(() => undefined);
    const rest = await reading;
    const blocks = [...this.blocks, ...rest];
    const [begin, end] = [from ? Date.parse(from) : -Infinity, to ? Date.parse(to) : Infinity];
    const matches = ({ last, earliest, latest }: Block) => last > after && latest >= begin && earliest <= end;
    const first = blocks.findIndex(matches);
    if (first < 0) return undefined;
    const before = blocks[first - 1]?.last ?? -1n;
    const { last } = blocks.findLast(matches)!;
    return { after: before > after ? before : after, upTo: last < upTo ? last : upTo };
  }

  /** Takes in what is new; answers the events that fill no block yet, as one. */
  private async read(upTo: bigint): Promise<Block[]> {
    const known = this.blocks.at(-1)?.last ?? -1n;
    const rows = await this.query<Row>(
      `select applied.position as applied, block.* from public.projection applied left join (
         select max(from_position)::text as last, min(recorded_at) as earliest, max(recorded_at) as latest,
           count(*)::int as events
         from (select from_position, recorded_at, (row_number() over (order by from_position) - 1) / $2::int as number
               from audit.event where from_position > $1::bigint) event
         group by number) block on true
       where applied.name = '${AUDIT}' order by block.last::bigint`,
      [String(known), this.size],
    );
    if (BigInt(rows[0]?.applied ?? -1) < upTo) throw notCaughtUp(upTo);
    const rest: Block[] = [];
    for (const { last, earliest, latest, events } of rows) {
      if (last === null) continue;
      const block = { last: BigInt(last), earliest: earliest.getTime(), latest: latest.getTime() };
      (events === this.size ? this.blocks : rest).push(block);
    }
    return rest;
  }
}
