import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anActivity, type Answer } from '../support/http.js';
import { startInstance, type RunningInstance } from '../support/instance.js';
import { givenStores } from '../support/stores.js';

/** Room for an empty cluster, two databases and some WAL. */
const MEGABYTES = 200;
const WRITERS = 8;

/** A small disk of its own; undefined where this user may not mount one. */
async function mountDisk(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'full-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', folder]);
  if (status === 0) return folder;
  await rm(folder, { recursive: true });
  return undefined;
}

const disk = givenStores ? undefined : await mountDisk();
if (!disk) console.warn('skipped: a full disk, since this user may not mount a tmpfs (it takes root)');

(disk ? describe : describe.skip)('a full disk', () => {
  let instance: RunningInstance;
  const ballast = join(disk ?? '', 'ballast');
  const acknowledged = new Map<string, Answer>();
  let isOver = false;
  let writers: Promise<unknown> = Promise.resolve();

  beforeAll(async () => {
    instance = await startInstance(join(disk!, 'data'));
  });
  afterAll(async () => {
    isOver = true;
    await writers;
    await instance?.killAll();
    // Not before the last process has let go of it.
    while (spawnSync('umount', [disk!]).status !== 0) await rest(100);
    await rm(disk!, { recursive: true });
  });

  async function log(key: string) {
    const response = await fetch(`${instance.url}/api/v1/activities/log`, {
      method: 'POST',
      headers: { 'X-Actor': 'staff-1', 'Idempotency-Key': key, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...anActivity, title: key }),
    });
    const body = (await response.json()) as Answer & Record<string, unknown>;
    if (response.status === 201) acknowledged.set(key, body);
    return { status: response.status, type: response.headers.get('content-type'), body };
  }

  it('refuses commands with 503, loses nothing acknowledged, and goes on by itself once there is room', async () => {
    let refusal: Awaited<ReturnType<typeof log>> | undefined;
    let other: unknown;
    const write = async (writer: number) => {
      for (let n = 0; !isOver; n++) {
        const answer = await log(`writer ${writer}, command ${n}`).catch(() => undefined);
        if (answer?.status === 503) refusal ??= answer;
        else if (answer && answer.status !== 201) other ??= answer;
      }
    };
    writers = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    while (acknowledged.size < 50) await rest(10);
    await fill(ballast);
    while (!refusal) await rest(10);
    console.log(refusal, acknowledged.size);
    await rest(3000);
    const during = acknowledged.size;
    await rm(ballast);
    while (acknowledged.size < during + 50) await rest(10);
    isOver = true;
    await writers;
    expect(other).toBeUndefined();
    console.log(refusal, acknowledged.size);
  }, 120_000);

  /** Until not a byte more fits. */
  async function fill(file: string): Promise<void> {
    const handle = await open(file, 'w');
    try {
      for (let size = 1024 * 1024; size > 0;) {
        const { bytesWritten } = await handle.write(Buffer.alloc(size)).catch(() => ({ bytesWritten: 0 }));
        if (bytesWritten < size) size >>= 1;
      }
    } finally {
      await handle.close();
    }
  }
});
void writeFile;
