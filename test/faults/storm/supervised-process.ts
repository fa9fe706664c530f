import { fork, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { environment } from '../../support/instance.js';

const CLOCK = new URL('./shifted-clock.mjs', import.meta.url).href;
const REST = 100;
const LOG = 20_000;
const KILOBYTES = 1024;

/** A process of the product, started again whenever it ends, as a supervisor would. */
export class SupervisedProcess {
  /** The most memory that it was seen to hold, in MB. */
  peak = 0;
  /** The end of what it wrote. */
  log = '';
  /** Resolves once it serves for the first time. */
  readonly serving: Promise<void>;
  private serves: () => void = () => undefined;
  private child!: ChildProcess;
  private isOver = false;
  private restart: NodeJS.Timeout | undefined;
  private ended = Promise.resolve();

  /** @param onServing called with the port whenever it serves */
  constructor(
    readonly name: string,
    private readonly script: string,
    private readonly settings: Record<string, string>,
    private readonly onServing: (port: number) => void = () => undefined,
  ) {
    this.serving = new Promise((resolve) => (this.serves = resolve));
    this.start();
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** From now on, until it ends, its clock is off by so many milliseconds. */
  shiftClock(milliseconds: number): void {
    if (this.child.connected) this.child.send({ clockShift: milliseconds }, () => undefined);
  }

  async sample(): Promise<void> {
    const status = await readFile(`/proc/${this.child.pid}/status`, 'utf8').catch(() => '');
    const held = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / KILOBYTES;
    this.peak = Math.max(this.peak, Math.round(held));
  }

  async stop(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.restart);
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private start(): void {
    const child = (this.child = fork(this.script, {
      env: environment({ LOG_LEVEL: 'error', PORT: '0', ...this.settings }),
      execArgv: ['--import', CLOCK],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    }));
    for (const output of [child.stdout!, child.stderr!])
      output.on('data', (text) => (this.log = (this.log + String(text)).slice(-LOG)));
    child.on('message', ({ url }: { url?: string }) => {
      if (url) this.onServing(Number(new URL(url).port));
      this.serves();
    });
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
    child.once('exit', () => {
      if (!this.isOver) this.restart = setTimeout(() => this.start(), REST);
    });
  }
}

/** The event store node alone. */
export const NODE = fileURLToPath(new URL('./node-process.mjs', import.meta.url));
