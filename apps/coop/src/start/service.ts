import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AWAIT_STORES, nodeArguments, Refused, type Config, type StoreAddresses } from '#process';
import type { Logger } from 'pino';

export type ServiceName = 'api' | 'projector';

const program = (name: ServiceName) =>
  fileURLToPath(new URL(`../../../${name}/src/main.js`, import.meta.url));
const STABLE_AFTER = 10_000;
const LONGEST_REST = 5_000;

/** A child process that is started again whenever it ends by itself. It ends with its parent, however that dies. */
export class Service {
  private child: ChildProcess | undefined;
  private stopping = false;
  private failures = 0;
  private port: number;
  private restart: NodeJS.Timeout | undefined;

  /** @param stores are told to it when they are known; meanwhile it loads what it is made of */
  constructor(
    private readonly name: ServiceName,
    private readonly config: Config,
    private readonly stores: Promise<StoreAddresses>,
    private readonly log: Logger,
  ) {
    this.port = config.PORT;
  }

  /** Resolves once it serves, with its URL if it has one. @throws when it ends before: it said why on standard error */
  start(): Promise<string | undefined> {
    return this.spawn();
  }

  /** Asks it to finish what it has begun; after ten seconds it is killed. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  }

  private spawn(): Promise<string | undefined> {
    const started = Date.now();
    const child = (this.child = fork(program(this.name), [AWAIT_STORES], {
      execArgv: [...process.execArgv, ...nodeArguments(this.name)],
      env: { ...process.env, PORT: String(this.port), LOG_LEVEL: this.config.LOG_LEVEL },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Ctrl-C reaches the whole process group; the parent alone decides the order in which things stop.
      detached: true,
    }));
    this.stores.then(
      // One that has ended meanwhile is told of where it ends.
      ({ EVENTSTOREDB_URL, DATABASE_URL }) => child.send({ EVENTSTOREDB_URL, DATABASE_URL }, () => undefined),
      () => undefined,
    );
    return new Promise((resolve, reject) => {
      let serving = false;
      child.once('message', (message: { url?: string }) => {
        serving = true;
        // Started again, it comes back where its callers know it.
        if (message.url) this.port = Number(new URL(message.url).port);
        resolve(message.url);
      });
      // No process could be made at all: as if it had ended.
      child.once('error', (error) => child.emit('exit', null, error.message));
      child.once('exit', (code, signal) => {
        if (this.stopping) return resolve(undefined);
        const ending = `the ${this.name} process ended (${signal ?? `status ${code}`})`;
        if (!serving && this.failures === 0)
          return reject(new Refused(`${ending}; what it said stands above`));
        this.failures = Date.now() - started > STABLE_AFTER ? 1 : this.failures + 1;
        const rest = Math.min(100 * 2 ** this.failures, LONGEST_REST);
        this.log.error({ milliseconds: rest }, `${ending}, starting it again`);
        this.restart = setTimeout(() => void this.spawn().catch(() => undefined), rest);
      });
    });
  }
}
