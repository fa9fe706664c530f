/** An event that is not what was recorded. */
export interface EventFault {
  readonly kind: 'event';
  /**
   * altered: its content is not what its hash covers; missing: it was recorded and is not there; unlinked: it does not follow
   * the event before it; out-of-place: it is not where it was recorded; not-applicable: a projection cannot take it.
   */
  readonly fault: 'altered' | 'missing' | 'unlinked' | 'out-of-place' | 'not-applicable';
  readonly stream: string;
  readonly revision: string;
  /** Absent for one that is missing and was never indexed. */
  readonly position?: string;
  readonly message: string;
}

/** A version of a read-model row that is not what the events make of it. */
export interface RowFault {
  readonly kind: 'row';
  readonly fault: 'missing' | 'unexpected' | 'different';
  /** `projection.table` */
  readonly table: string;
  readonly key: readonly string[];
  /** Where the version begins. */
  readonly fromPosition: string;
  readonly columns: readonly string[];
  readonly message: string;
}

/** A published edition that the events do not lead to any more, though no other fault explains it. */
export interface EditionFault {
  readonly kind: 'edition';
  readonly fault: 'root' | 'content';
  readonly year: number;
  readonly edition: number;
  readonly message: string;
}

export type Fault = EventFault | RowFault | EditionFault;

/** More are counted, not listed. */
const LISTED = 1_000;

/** What was found; each event and each row once, however many of its versions are touched. */
export class Faults {
  readonly listed: Fault[] = [];
  count = 0;
  private readonly seen = new Set<string>();

  add(fault: Fault): void {
    const name =
      fault.kind === 'event'
        ? `${fault.stream}@${fault.revision}`
        : fault.kind === 'row'
          ? `${fault.table} ${fault.key.join('/')}`
          : `${fault.year}/${fault.edition}`;
    if (this.seen.has(name)) return;
    this.seen.add(name);
    this.count++;
    if (this.listed.length < LISTED) this.listed.push(fault);
  }

  /** Whether a row of one of the projection's tables was found at fault. */
  hasRowsOf(projection: string): boolean {
    return this.listed.some((fault) => fault.kind === 'row' && fault.table.startsWith(`${projection}.`));
  }
}
