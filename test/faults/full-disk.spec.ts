import { spawnSync } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { random } from '#testing';
import { startInstance, type RunningInstance } from '../support/instance.js';
import { givenStores } from '../support/stores.js';
import { killServer } from './postgres-processes.js';
import { Load } from './storm/load.js';
import { allApplied, expectEachOnce, expectIntact } from './storm/whole.js';

/** Room for an empty cluster, two databases and some WAL. */
const MEGABYTES = 200;

const disk = givenStores ? undefined : await mountDisk();
if (!disk) console.warn('a full disk is skipped: this user may not mount a tmpfs, which takes root');

/** A small disk; undefined where this user may not mount one. */
async function mountDisk(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'full-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', folder]);
  if (status === 0) return folder;
  await rm(folder, { recursive: true });
  return undefined;
}

(disk ? describe : describe.skip)('a full disk', () => {
  const dataDir = join(disk ?? '', 'data');
  const ballast = join(disk ?? '', 'ballast');
  let instance: RunningInstance;
  let load: Load;

  beforeAll(async () => {
    instance = await startInstance(dataDir);
  });
  afterAll(async () => {
    await Promise.all([load?.abandon(), instance?.killAll()]);
    // Not before the last process has let go of it.
    while (spawnSync('umount', [disk!]).status !== 0) await rest(100);
    await rm(disk!, { recursive: true });
  });

  it('has commands refused with 503, costs nothing acknowledged, and service goes on by itself once there is room', async () => {
    load = new Load([instance.url], random(1));
    await acknowledgedMore();
    await fill(ballast);
    await refusedAs('StoreFull');
    expect(load.refusal).toMatchObject({
      status: 503,
      title: 'Temporarily not available',
      detail: expect.stringMatching(/^The disk of the event store is full.*Make room.*same Idempotency-Key/),
    });
    // As it ends by itself when it cannot write ahead; it cannot start again before there is room.
    killServer(parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10));
    await refusedAs('StoreUnavailable');
    await rm(ballast);
    await acknowledgedMore();
    await load.stop();
    const { EVENTSTOREDB_URL } = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as {
      EVENTSTOREDB_URL: string;
    };
    await expectEachOnce(EVENTSTOREDB_URL, load.acknowledged);
    await allApplied([instance.url], 60_000);
    await expectIntact(instance.url);
    expect(await instance.stop()).toBe(0);
  }, 180_000);

  async function acknowledgedMore(): Promise<void> {
    const enough = load.acknowledged.length + 50;
    while (load.acknowledged.length < enough) await Promise.race([load.failed, rest(20)]);
  }

  async function refusedAs(code: string): Promise<void> {
    while ((load.refusal as { code?: string } | undefined)?.code !== code)
      await Promise.race([load.failed, rest(20)]);
  }

  /** Until not a byte more fits. */
  async function fill(file: string): Promise<void> {
    const handle = await open(file, 'w');
    for (let size = 1024 * 1024; size >= 1;) {
      const { bytesWritten } = await handle.write(Buffer.alloc(size)).catch(() => ({ bytesWritten: 0 }));
      if (bytesWritten < size) size >>= 1;
    }
    await handle.close();
  }
});
