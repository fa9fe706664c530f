/** Seals the whole event store as it stood at a position; the composition provides it. */
export abstract class StateSeal {
  /**
   * Merkle root over the heads of all streams at the position, and how many streams there are. Asked for once the
   * projection `sealProjection` has applied the position.
   */
  abstract seal(position: bigint): Promise<{ root: string; streams: number }>;
}

/** The projection that a seal is read from. */
export const sealProjection = 'audit';
