import type pg from 'pg';
import type { Clock } from '#shared-kernel';
import type { EventStore } from '../../store/event-store.js';
import { CHECKPOINT_CHANNEL, CONTROL_CHANNEL } from '../checkpoint.js';
import type { Projection } from '../projection.js';
import type { ProjectorLog } from '../projector.js';
import { Watch } from '../watch.js';
import { analyzeSchema } from './clone-schema.js';
import {
  beginGeneration,
  dropGeneration,
  GenerationConflict,
  GenerationNotFound,
  isGone,
  switchGeneration,
} from './generations.js';

/** What fills one generation: its projector and summarizers. */
export interface Filling {
  start(): void;
  stop(): Promise<void>;
}

export interface GenerationBuilderOptions {
  readonly databaseUrl: string;
  readonly projections: readonly Projection[];
  readonly store: EventStore;
  /** Of all streams whose events move checkpoints. */
  readonly prefixes: readonly string[];
  readonly log: ProjectorLog;
  readonly clock: Clock;
  /** @param projection by the generation's name */
  fill(projection: Projection, of: Projection): Filling;
  /** Whether what is summed up of a generation's rows is up to date with them. */
  isSummarized(sql: pg.Client, building: string, of: Projection): Promise<boolean>;
}

/** Milliseconds from one look at the generations under way to the next, though nothing was told. */
const LOOK = 1_000;
/** Milliseconds that the oldest event not yet applied may be old when the generation is to serve. */
const NEAR = 1_000;
/** Milliseconds that reads may hold up a switch, doubled each time they do. */
const [PATIENCE, MOST_PATIENCE] = [500, 4_000];

/**
 * Makes generations, in every projector process: begins one for each projection whose rows are of an older version than the program's, has
 * those under way filled, and lets each serve once it is within a second of the store's head. What was begun is in the
 * database, so any process goes on with it, whatever happens to the others.
 */
export class GenerationBuilder {
  private readonly watch: Watch;
  private readonly underWay = new Map<string, UnderWay>();

  constructor(private readonly options: GenerationBuilderOptions) {
    const { databaseUrl, log } = options;
    this.watch = new Watch({
      databaseUrl,
      name: 'generation builder',
      channels: [CONTROL_CHANNEL, CHECKPOINT_CHANNEL],
      concerns: (channel, payload) =>
        channel === CONTROL_CHANNEL || this.underWay.has(payload.slice(0, payload.indexOf(' '))),
      look: (client) => this.look(client),
      onInterrupted: (error) => log.error({ err: error }, 'making generations interrupted, going on'),
    });
  }

  /** Until stopped. */
  async run(): Promise<void> {
    await this.watch.run();
    await Promise.all([...this.underWay.values()].map(({ filling }) => filling.stop()));
  }

  async stop(): Promise<void> {
    this.watch.stop();
  }

  private async look(client: pg.Client): Promise<number | undefined> {
    await this.beginNewer(client);
    const found = await readUnderWay(client);
    await this.endMissing(found);
    for (const generation of found) {
      const of = this.options.projections.find(({ name }) => name === generation.projection);
      // One of another version is filled by another program.
      if (of?.version !== generation.version || this.watch.isStopped) continue;
      try {
        await this.advance(client, generation, of);
      } catch (error) {
        // Another process was faster; that is told, and looked at next.
        if (!isGone(error)) throw error;
        this.options.log.info({ generation: generation.name, err: error }, 'a generation is gone');
      }
    }
    return found.some(({ name, state }) => state === 'running' && this.underWay.has(name)) ? LOOK : undefined;
  }

  /** Where the rows are of an older version than the program's: empty ones are begun over by the projector. */
  private async beginNewer(client: pg.Client): Promise<void> {
    const { projections, log, clock } = this.options;
    const { rows } = await client.query(
      `select serving.name, building.name as building, building.version from public.projection serving
       left join public.projection building on building.projection = serving.name and building.phase = 'building'
       join unnest($1::text[], $2::integer[]) known(name, version)
         on known.name = serving.name and serving.version < known.version
       where serving.position >= 0 and (building.version is null or building.version < known.version)`,
      [projections.map(({ name }) => name), projections.map(({ version }) => version)],
    );
    for (const { name, building } of rows as { name: string; building: string | null }[]) {
      const projection = projections.find((one) => one.name === name)!;
      const at = clock.now();
      try {
        if (building) await dropGeneration(client, building, at);
        const begun = await beginGeneration(client, projection, { at });
        log.info({ projection: name, generation: begun }, 'a generation of a newer version has begun');
      } catch (error) {
        // Another process was faster.
        if (!(error instanceof GenerationConflict || error instanceof GenerationNotFound)) throw error;
      }
    }
  }

  private async endMissing(found: readonly Generation[]): Promise<void> {
    for (const [name, { filling }] of this.underWay) {
      if (found.some((generation) => generation.name === name)) continue;
      this.underWay.delete(name);
      await filling.stop();
    }
  }

  private async advance(client: pg.Client, generation: Generation, of: Projection): Promise<void> {
    const { fill, log, clock } = this.options;
    const { name } = generation;
    let known = this.underWay.get(name);
    if (!known) {
      known = { filling: fill({ ...of, name }, of), patience: PATIENCE, triedAt: 0, isAnalyzed: false };
      this.underWay.set(name, known);
      known.filling.start();
    }
    const at = clock.now();
    // Reads that are held up are left alone for longer than they were held up.
    const rest = 4 * (known.patience - PATIENCE);
    if (generation.state === 'paused' || at.getTime() < known.triedAt + rest) return;
    const reached = await this.reached(client, generation, of, at);
    if (reached === undefined) return;
    if (!known.isAnalyzed) await analyzeSchema(client, name);
    known.isAnalyzed = true;
    const { patience } = known;
    const switched = await switchGeneration(client, name, { reached, patience, at });
    if (switched === 'behind' || switched === 'busy') {
      known.patience = Math.min(2 * patience, MOST_PATIENCE);
      known.triedAt = clock.now().getTime();
    }
    if (switched === 'switched')
      log.info({ projection: of.name, generation: name }, 'a new generation serves');
  }

  /** Up to where the generation lacks no event, if that is near the head and all is summed up. */
  private async reached(
    client: pg.Client,
    { name, position, served }: Generation,
    of: Projection,
    at: Date,
  ): Promise<bigint | undefined> {
    const { store, prefixes, isSummarized } = this.options;
    // Read after the checkpoints: what there is none of now, there was none of then.
    const isAtHead = (await store.head(prefixes, position)) === undefined;
    if (!isAtHead) {
      const { oldest } = await store.after(position, prefixes, 1);
      if (oldest && at.getTime() - oldest.getTime() > NEAR) return undefined;
    }
    if (!(await isSummarized(client, name, of))) return undefined;
    return isAtHead && served > position ? served : position;
  }
}

interface UnderWay {
  readonly filling: Filling;
  /** Milliseconds. */
  patience: number;
  /** When reads last held up the switch, in milliseconds since 1970. */
  triedAt: number;
  isAnalyzed: boolean;
}

interface Generation {
  readonly name: string;
  readonly projection: string;
  readonly version: number;
  readonly state: 'running' | 'paused';
  readonly position: bigint;
  /** Position of the one that serves. */
  readonly served: bigint;
}

async function readUnderWay(client: pg.Client): Promise<Generation[]> {
  const { rows } = await client.query(
    `select building.name, building.projection, building.version, building.state, building.position, serving.position as served
     from public.projection building join public.projection serving on serving.name = building.projection
     where building.phase = 'building'`,
  );
  return (rows as (Omit<Generation, 'position' | 'served'> & { position: string; served: string })[]).map(
    (row) => ({ ...row, position: BigInt(row.position), served: BigInt(row.served) }),
  );
}
