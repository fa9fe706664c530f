/** Seals the whole event store as it stood at a position; the composition provides it. */
export abstract class StateSeal {
  /**
   * Merkle root over the heads of all streams at the position, and how many streams there are.
   * @throws Problem 503 when what it is read from does not reach the position in time
   */
  abstract seal(position: bigint): Promise<{ root: string; streams: number }>;
}
