/** Lets some work at a time; the others wait in the order in which they came, however long that takes. */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  /** `free`: how many may work at once. */
  constructor(private free: number) {}

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}
