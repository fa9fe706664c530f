import type { StoredEvent } from './event.js';
import type { LiveTail } from './live-tail.js';
import { PageBudget, type HeldPage } from './page-budget.js';
import { headOf } from './plan-batch.js';
import type { Direction, Reader } from './reader.js';
import { originalOf } from './stream-metadata.js';
import { visibleIn, type Visible } from './visible.js';
import type { Writer } from './writer.js';

type Pages = AsyncGenerator<readonly StoredEvent[]>;

/** The stored events in pages, each fetched while the one before it is on its way to the client. */
export class EventLog {
  private readonly budget = new PageBudget();

  constructor(
    readonly tail: LiveTail,
    private readonly writer: Writer,
    private readonly reader: Reader,
    private readonly clock: () => Date,
  ) {}

  /**
   * What readers may see of a stream just now.
   * @throws StorageUnavailable
   */
  async visible(stream: string): Promise<Visible> {
    const name = originalOf(stream) ?? stream;
    const head = this.writer.knownHead(name) ?? (await this.reader.head(name));
    return visibleIn(stream, headOf(new Map([[name, head]]), stream), this.clock());
  }

  /** `$all` beyond `position`, which is not included, to the end as it is when reached. */
  all(direction: Direction, position: number, limit = Infinity): Pages {
    let [cursor, left] = [position, limit];
    return readAhead(this.budget, async (page, bytes) => {
      left -= page.length;
      if (left <= 0 || (direction === 'forwards' && cursor >= this.tail.head)) return undefined;
      // The newest events are what is asked for most. Without its session the writer may not be the only one.
      const kept = direction === 'backwards' && this.writer.hasSession ? this.tail.before(cursor, left) : [];
      const read = kept.length > 0 ? kept : await this.reader.all(direction, cursor, { events: left, bytes });
      if (read.length === 0) return undefined;
      cursor = read.at(-1)!.position;
      return read;
    });
  }

  /** What is visible of a stream from `revision` on, included. */
  stream(stream: string, direction: Direction, revision: number, visible: Visible, limit = Infinity): Pages {
    const { first, last, includes } = visible;
    const forwards = direction === 'forwards';
    let [cursor, left] = [forwards ? Math.max(revision, first) : Math.min(revision, last), limit];
    return readAhead(this.budget, async (page, bytes) => {
      left -= page.length;
      if (left <= 0 || cursor < first || cursor > last) return undefined;
      const read = await this.reader.stream(stream, direction, cursor, { events: left, bytes });
      if (read.length === 0) return undefined;
      cursor = read.at(-1)!.revision + (forwards ? 1 : -1);
      return read.filter((event) => event.revision >= first && includes(event));
    });
  }
}

/** `next` gets the page just yielded, none at first, and the bytes of the next; without another it answers undefined. */
async function* readAhead(
  budget: PageBudget,
  next: (page: readonly StoredEvent[], bytes: number) => Promise<readonly StoredEvent[] | undefined>,
): Pages {
  const after = (page: readonly StoredEvent[]) => budget.hold((bytes) => next(page, bytes));
  let page = await after([]);
  let ahead: Promise<HeldPage | undefined> | undefined;
  try {
    while (page) {
      const { events } = page;
      ahead = budget.isShort ? undefined : after(events);
      // A failure is thrown when its turn comes.
      ahead?.catch(() => undefined);
      yield events;
      page.release();
      page = await (ahead ?? after(events));
    }
  } finally {
    page?.release();
    ahead?.then((unwanted) => unwanted?.release()).catch(() => undefined);
  }
}
