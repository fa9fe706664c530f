import { beginsWithOne, isAuthentic, type Positions, type StoredEvent } from '#event-sourcing';
import { Chains } from './chains.js';
import { Faults } from './faults.js';
import { RowComparison } from './row-comparison.js';
import { Seals } from './seals.js';
import type { EditionResult, Progress, VerificationResult } from './verification-result.js';
import type { Verified } from './verified.js';

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

class Verification {
  private readonly faults = new Faults();
  private readonly chains = new Chains(this.faults);
  private readonly seals: Seals;
  private readonly editions: EditionResult[] = [];
  private readonly rows: RowComparison;
  private events = 0;

  constructor(
    private readonly verified: Verified,
    private readonly onProgress: (progress: Progress) => void,
    private readonly batch: number,
  ) {
    this.seals = new Seals(verified.store, this.chains);
    this.rows = new RowComparison(verified, this.chains, this.faults);
  }

  async run(): Promise<VerificationResult> {
    const { store, streamPrefixes } = this.verified;
    const { compared, total } = await this.rows.begin();
    const head = (await store.head(streamPrefixes))?.position ?? -1n;
    const end = head > compared ? head : compared;
    let page = this.read(-1n, end);
    for (let isLast = false; !isLast;) {
      const { events, range } = await page;
      isLast = range.to === end;
      if (!isLast) page = this.read(range.to, end);
      // Awaited in its turn; until then, or when this page fails, its failure is not unhandled.
      page.catch(() => undefined);
      await this.take(events, range, compared);
      this.events += events.length;
      this.onProgress({ events: this.events, of: Math.max(total, this.events) });
    }
    await this.rows.finish();
    this.chains.finish();
    await this.verifyEditions();
    return this.result(end, compared);
  }

  /** The next page, its hashes checked and its rows read while the page before is compared. */
  private async read(from: bigint, end: bigint): Promise<Page> {
    const page = await this.verified.store.readAfter(from, this.batch);
    const newest = page.at(-1)?.position ?? end;
    // Rows that the events of a deleted end have left lie beyond the last event.
    const range = { from, to: page.length < this.batch || newest >= end ? end : newest };
    this.rows.readAhead(range);
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
    await this.rows.compare(
      events.map(({ event }) => event),
      faulty,
      range,
    );
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

  private isOurs({ stream }: StoredEvent): boolean {
    return beginsWithOne(stream, this.verified.streamPrefixes);
  }

  private result(position: bigint, compared: bigint): VerificationResult {
    const { heads, unprotected, recordedAhead, brokenStreams } = this.chains;
    return {
      intact: this.faults.count === 0,
      position: String(position),
      rowsPosition: String(compared),
      events: this.events,
      streams: heads.size,
      rows: this.rows.rows,
      unprotected: { events: unprotected.events, streams: [...unprotected.streams] },
      recordedAhead: { events: recordedAhead.events, streams: [...recordedAhead.streams] },
      editions: this.editions,
      skipped: this.rows.leftOut,
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
