import { weightOf, type StoredEvent } from './event.js';

export interface HeldPage {
  readonly events: readonly StoredEvent[];
  /** Once it is on its way to the client. */
  release(): void;
}

const TOTAL = 64 * 1024 * 1024;
const MOST = 4 * 1024 * 1024;
const LEAST = 64 * 1024;

/**
 * Bytes that all pages in memory may have together. Each reader holds a page for as long as its client takes to fetch it, and
 * a thousand of them held gigabytes: so the more there are, the smaller the pages, down to LEAST, which everybody gets.
 */
export class PageBudget {
  private left = TOTAL;

  /** Nothing but the smallest pages are to be had: nobody should hold two. */
  get isShort(): boolean {
    return this.share() === LEAST;
  }

  /** `read` gets the bytes its page may have, and answers undefined when there is none. */
  async hold(
    read: (bytes: number) => Promise<readonly StoredEvent[] | undefined>,
  ): Promise<HeldPage | undefined> {
    let held = this.share();
    this.left -= held;
    const release = () => {
      this.left += held;
      held = 0;
    };
    try {
      const events = await read(held);
      release();
      if (!events) return undefined;
      held = events.reduce((bytes, event) => bytes + weightOf(event), 0);
      this.left -= held;
      return { events, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  private share(): number {
    return Math.max(LEAST, Math.min(MOST, Math.floor(this.left / 8)));
  }
}
