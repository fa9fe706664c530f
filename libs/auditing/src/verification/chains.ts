import type { StoredEvent } from '#event-sourcing';
import type { EventFault, Faults } from './faults.js';

/** The newest event of a stream. */
export interface Head {
  readonly hash: string | undefined;
  readonly event: Pick<StoredEvent, 'stream' | 'revision' | 'type' | 'position'>;
  /** It is not what was recorded: what follows cannot be held against it. */
  readonly faulty: boolean;
}

/** Streams with events that carry no hash, or are dated ahead, listed up to this many. */
const LISTED = 20;

/** Milliseconds by which the clocks of a program and of the event store may differ. */
const CLOCKS_DIFFER = 60_000;

/**
 * Follows the hashes of every stream, event by event in the order of `$all`. Keeps the head of each stream: memory grows with
 * the streams, not with the events.
 */
export class Chains {
  readonly heads = new Map<string, Head>();
  readonly unprotected = new Counted();
  /** See VerificationResult. */
  readonly recordedAhead = new Counted();
  /** Streams with a fault, and the position from which on their events say nothing of the read model. */
  private readonly broken = new Map<string, bigint>();
  /** Revisions that were passed over, of each stream; they may still come, out of place. */
  private readonly gaps = new Map<string, readonly Gap[]>();
  /** Revisions that are accounted for otherwise, such as by an altered event that names another. */
  private readonly explained = new Map<string, Set<bigint>>();

  constructor(private readonly faults: Faults) {}

  /**
   * Answers whether the event is what was recorded, where it was.
   * @param authentic see isAuthentic
   */
  take(event: StoredEvent, authentic: boolean | undefined): boolean {
    const { stream, revision } = event;
    const { hash, previousHash } = event.metadata;
    const head = this.heads.get(stream);
    const next = head ? head.event.revision + 1n : 0n;
    let faulty = false;
    if (authentic === undefined) this.unprotected.add(stream);
    else if (!authentic) faulty = this.fault('altered', event, 'its content is not what its hash covers');
    else if (isAhead(event)) this.recordedAhead.add(stream);
    // What is altered may not be of this revision: it says nothing of those before it.
    if (faulty && revision > next) return false;
    if (revision > next) this.passOver(event, next);
    if (revision < next) {
      if (!this.fillsGap(event) && !faulty) faulty = this.fault('out-of-place', event, 'it is there twice');
    } else if (authentic && revision === next && !head?.faulty && previousHash !== head?.hash)
      faulty = this.unlinked(head, event);
    if (revision >= next) this.heads.set(stream, { hash, event: lean(event), faulty });
    return !faulty;
  }

  /** What is recorded in the stream from this position on says nothing of the read model. */
  break(stream: string, position: bigint): void {
    const known = this.broken.get(stream);
    if (known === undefined || position < known) this.broken.set(stream, position);
  }

  isBroken(stream: string, position: bigint): boolean {
    const from = this.broken.get(stream);
    return from !== undefined && from <= position;
  }

  get brokenStreams(): number {
    return this.broken.size;
  }

  /** The revision is accounted for otherwise: that it is not there is no fault of its own. */
  explain(stream: string, revision: bigint): void {
    const explained = this.explained.get(stream) ?? new Set();
    this.explained.set(stream, explained.add(revision));
  }

  /** The event is not where it was recorded: what it seemed to have passed over is not missing for that. */
  misplaced({ stream, position }: StoredEvent): void {
    const gaps = this.gaps.get(stream) ?? [];
    this.gaps.set(
      stream,
      gaps.map((gap) => (gap.openedAt === position ? { ...gap, isMissing: false } : gap)),
    );
  }

  /** Names what was passed over and never came. */
  finish(): void {
    for (const [stream, gaps] of this.gaps) {
      const explained = [...(this.explained.get(stream) ?? [])];
      const missing = gaps.filter(({ isMissing }) => isMissing);
      for (const { from, to } of explained.reduce<readonly Gap[]>(without, missing)) {
        const what = from === to ? `revision ${from}` : `revisions ${from} to ${to}`;
        this.faults.add({
          ...{ kind: 'event', fault: 'missing', stream, revision: String(from) },
          message: `${what} of ${stream} ${from === to ? 'is' : 'are'} not there, although later ones are`,
        });
      }
    }
  }

  /** The index knows of an event that the store does not have. */
  isThere(stream: string, revision: bigint): boolean {
    const head = this.heads.get(stream);
    const isPassedOver = this.gaps.get(stream)?.some((gap) => holds(gap, revision)) === true;
    return head !== undefined && revision <= head.event.revision && !isPassedOver;
  }

  fault(fault: EventFault['fault'], event: Head['event'], why: string): true {
    const { stream, revision, type, position } = event;
    this.break(stream, position);
    this.faults.add({
      ...{ kind: 'event', fault, stream, revision: String(revision), position: String(position) },
      message: `${type}, revision ${revision} of ${stream}: ${why}`,
    });
    return true;
  }

  /** It comes late, or a later one came early: which of them is out of place the index knows. */
  private fillsGap({ stream, revision }: StoredEvent): boolean {
    const gaps = this.gaps.get(stream) ?? [];
    if (!gaps.some((gap) => holds(gap, revision))) return false;
    this.gaps.set(stream, without(gaps, revision));
    return true;
  }

  /** An authentic event names the one it was written after: where that is another, that one is not what it was. */
  private unlinked(head: Head | undefined, event: StoredEvent): boolean {
    if (!head)
      return this.fault('unlinked', event, 'it names the hash of an event before it, and is the first');
    this.fault('altered', head.event, 'the event after it names another hash for it');
    return false;
  }

  private passOver({ stream, revision, position }: StoredEvent, next: bigint): void {
    const gap = { from: next, to: revision - 1n, openedAt: position, isMissing: true };
    this.gaps.set(stream, [...(this.gaps.get(stream) ?? []), gap]);
    this.break(stream, position);
  }
}

/** Revisions, the first and the last of them included, that the event at `openedAt` passed over. */
interface Gap {
  readonly from: bigint;
  readonly to: bigint;
  readonly openedAt: bigint;
  readonly isMissing: boolean;
}

const holds = ({ from, to }: Gap, revision: bigint): boolean => from <= revision && revision <= to;

function without(gaps: readonly Gap[], revision: bigint): readonly Gap[] {
  return gaps.flatMap((gap) => {
    if (!holds(gap, revision)) return [gap];
    const parts = [
      { ...gap, to: revision - 1n },
      { ...gap, from: revision + 1n },
    ];
    return parts.filter(({ from, to }) => from <= to);
  });
}

/** Events, and the first of their streams. */
class Counted {
  events = 0;
  readonly streams = new Set<string>();

  add(stream: string): void {
    this.events++;
    if (this.streams.size < LISTED) this.streams.add(stream);
  }
}

/** It says that it was recorded later than the store took it in. */
function isAhead({ metadata, created }: StoredEvent): boolean {
  return Date.parse(metadata.recordedAt ?? '') > created.getTime() + CLOCKS_DIFFER;
}

/** Without its content, of which there would be one a stream in memory. */
function lean({ stream, revision, type, position }: StoredEvent): Head['event'] {
  return { stream, revision, type, position };
}
