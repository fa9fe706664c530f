import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Spooled<Item> {
  readonly key: string;
  readonly item: Item;
}

/** Characters of sorted lines held in memory before they go to a file. */
const RUN = 8 << 20;

/**
 * Puts any number of items in the order of their keys with a fixed amount of memory: sorted runs in temporary files, merged
 * as they are read. What was added may be read as often as needed. Keys must not hold a tab below another key's end.
 */
export class SortedSpool<Item> {
  private folder?: Promise<string>;
  private readonly files: string[] = [];
  private run: string[] = [];
  private size = 0;

  async add(key: string, item: Item): Promise<void> {
    const line = `${key}\t${escapeLineEnds(JSON.stringify(item))}`;
    this.run.push(line);
    this.size += line.length;
    if (this.size >= RUN) await this.flush();
  }

  /** Everything added, by key; equal keys in no certain order. */
  async *sorted(): AsyncGenerator<Spooled<Item>> {
    if (this.files.length > 0) await this.flush();
    else this.run.sort(byCodeUnit);
    const sources = this.files.length > 0 ? this.files.map(linesOf) : [this.run[Symbol.iterator]()];
    for await (const line of merged<string>(sources)) {
      const tab = line.lastIndexOf('\t');
      yield { key: line.slice(0, tab), item: JSON.parse(line.slice(tab + 1)) as Item };
    }
  }

  async close(): Promise<void> {
    if (this.folder) await rm(await this.folder, { recursive: true, force: true });
  }

  private async flush(): Promise<void> {
    if (this.run.length === 0) return;
    // Several may add at once: what is written now is set apart before anything is waited for.
    const lines = this.run.sort(byCodeUnit);
    this.run = [];
    this.size = 0;
    this.folder ??= newFolder();
    const number = this.files.push('') - 1;
    const file = join(await this.folder, String(number));
    this.files[number] = file;
    await pipeline(Readable.from(lines.map((line) => `${line}\n`)), createWriteStream(file, { mode: 0o600 }));
  }
}

const FOLDER = 'coop-import-';

/** Named after the process, so that what a killed one left behind is known for it, and goes with the next import. */
async function newFolder(): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process, but one that lives.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

// readline ends a line at these too; JSON leaves them as they are.
function escapeLineEnds(json: string): string {
  return json.replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const input = createReadStream(file);
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } finally {
    input.destroy();
  }
}

async function* merged<Value>(
  sources: readonly (Iterator<Value> | AsyncIterator<Value>)[],
): AsyncGenerator<Value> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })));
  try {
    for (;;) {
      const open = heads.filter(({ next }) => !next.done);
      if (open.length === 0) return;
      const least = open.reduce((a, b) => (b.next.value < a.next.value ? b : a));
      yield least.next.value as Value;
      least.next = await least.source.next();
    }
  } finally {
    for (const source of sources) await source.return?.();
  }
}
