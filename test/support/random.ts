/**
 * Numbers that look random and are the same for the same seed (mulberry32), so that a failing run can be had again: set
 * `SEED` to the one that the failure shows.
 */
export class Random {
  private state: number;

  constructor(readonly seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))) {
    this.state = seed >>> 0;
  }

  /** From 0 to below `bound`. */
  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}

/** Runs a test of random choices; its failure names the seed. */
export async function seeded(run: (random: Random) => Promise<void>): Promise<void> {
  const random = new Random();
  try {
    await run(random);
  } catch (error) {
    throw new Error(`SEED=${random.seed}: ${(error as Error).message}`, { cause: error });
  }
}
