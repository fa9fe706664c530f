import type { EventStore, StoredEvent } from '#event-sourcing';
import { ANNUAL_REPORT_STREAM_PREFIX, type AnnualReportEvent } from '#reporting';
import { leaf } from '../seal/merkle-root-at.js';
import { MerkleTree } from '../seal/merkle-tree.js';
import type { Chains } from './chains.js';

/** A published edition, as its event tells, and what the events give for its seal. */
export interface SealedEdition {
  readonly year: number;
  readonly edition: number;
  /** Commit position of the state it shows. */
  readonly position: bigint;
  readonly root: 'matches' | 'differs';
}

/** Events read together. */
const PAGE = 4_000;

/** Whether the Merkle roots stored in editions are those of the streams' heads at their positions, by the events alone. */
export class Seals {
  readonly editions: SealedEdition[] = [];
  /** Names of the streams in byte order; new ones are put in when the next edition comes. */
  private readonly sorted: string[] = [];

  constructor(
    private readonly store: EventStore,
    private readonly chains: Chains,
  ) {}

  /** Whether an event publishes an edition. */
  static isSealed({ stream }: StoredEvent): boolean {
    return stream.startsWith(ANNUAL_REPORT_STREAM_PREFIX);
  }

  /** To be told of every edition whose event is what was recorded, after the chains have taken it. */
  async take({ stream, data, position }: StoredEvent): Promise<void> {
    const { edition, asOf, seal } = data as unknown as AnnualReportEvent['data'];
    const found = await this.rootAt(BigInt(asOf.position), position);
    this.editions.push({
      year: Number(stream.slice(ANNUAL_REPORT_STREAM_PREFIX.length)),
      edition,
      position: BigInt(asOf.position),
      root: found === seal.root ? 'matches' : 'differs',
    });
  }

  /** @param now where the chains stand */
  private async rootAt(position: bigint, now: bigint): Promise<string> {
    const { heads } = this.chains;
    const later = await this.firstAfter(position, now);
    // The newest streams stand last among the heads; sorting is quick where most is in order.
    for (const stream of [...heads.keys()].slice(this.sorted.length)) this.sorted.push(stream);
    this.sorted.sort(byBytes);
    const tree = new MerkleTree();
    for (const stream of this.sorted) {
      const first = later.get(stream);
      if (!first) {
        const { event, hash } = heads.get(stream)!;
        tree.add(leaf(stream, event.revision, hash ?? null));
      } else if (first.revision > 0n) tree.add(leaf(stream, first.revision - 1n, first.previousHash ?? null));
    }
    return tree.root();
  }

  /** Of each stream that went on between the positions, the first event there: it names the head before. */
  private async firstAfter(
    position: bigint,
    now: bigint,
  ): Promise<ReadonlyMap<string, { readonly revision: bigint; readonly previousHash?: string }>> {
    const first = new Map<string, { revision: bigint; previousHash?: string }>();
    for (let reached = position; reached < now;) {
      const page = await this.store.readAfter(reached, PAGE);
      for (const { stream, revision, position: at, metadata } of page) {
        if (at > now || first.has(stream)) continue;
        first.set(stream, { revision, previousHash: metadata.previousHash });
      }
      reached = page.at(-1)?.position ?? now;
    }
    return first;
  }
}

/** As PostgreSQL sorts text collated "C". */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
