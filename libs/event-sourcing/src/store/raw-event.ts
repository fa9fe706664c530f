/** An event as it goes over the wire: nothing of it is parsed, so nothing of it can change. */
export interface RawEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  /** The user's; empty without. */
  readonly metadata: Uint8Array;
  /** Ticks of 100 ns since 1970, decimal. */
  readonly created: string;
  readonly position: Position;
}

/** In $all. */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}
