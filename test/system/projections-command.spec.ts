import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anActivity, api, type Answer } from '../support/http.js';
import { coop, environment, startInstance, type RunningInstance } from '../support/instance.js';
import { describeEmbedded } from '../support/stores.js';

interface Status {
  readonly name: string;
  readonly state: string;
  readonly paused?: object;
}

describeEmbedded('coop projections', () => {
  let dataDir: string;
  let instance: RunningInstance;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cooperation-'));
    instance = await startInstance(dataDir);
  });
  afterAll(async () => {
    await instance?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const run = (...args: string[]) => runTelling(() => undefined, ...args);
  /** @param onSaid hears of standard error as it comes */
  const runTelling = (onSaid: (text: string) => void, ...args: string[]) =>
    new Promise<{ status: number; out: string; said: string }>((resolve) => {
      const settings = { env: environment({ DATA_DIR: dataDir }) };
      execFile(process.execPath, [coop, ...args], settings, (error, out, said) =>
        resolve({ status: error ? Number(error.code) : 0, out, said }),
      ).stderr!.on('data', (text) => onSaid(String(text)));
    });
  const projections = (...args: string[]) => run('projections', ...args);

  it('pauses, resumes and shows the read models of a running instance', async () => {
    const client = api(instance.url);
    const by = ['--actor', 'staff-1', '--json'];
    const paused = await projections('pause', 'activities', '--reason', 'a repair', ...by);
    expect(JSON.parse(paused.out)).toMatchObject({
      ...{ name: 'activities', state: 'paused', paused: { by: 'staff-1', reason: 'a repair' } },
    });
    const { position } = (await client.post('/activities', anActivity).expect(201)).body as Answer;

    const listed = await projections('list', '--json');
    const states = (JSON.parse(listed.out) as Status[]).map(({ name, state }) => [name, state]);
    expect(states).toContainEqual(['activities', 'paused']);
    expect(states).toContainEqual(['dialogue', 'running']);
    expect(listed.status).toBe(1);
    const bare = await projections();
    expect([bare.status, bare.said]).toEqual([1, expect.stringMatching(/paused by staff-1 at .*: a repair/)]);

    // A command that needs the rows says at once that they lack something.
    const report = await run('report');
    expect([report.status, report.said]).toEqual([0, expect.stringContaining('activities is paused')]);

    const skip = ['skip', 'activities', '--position', '1', '--reason', 'so'];
    const refused = await projections(...skip);
    expect([refused.status, refused.said]).toEqual([2, expect.stringContaining('by no event')]);
    const unknown = await projections('resume', 'nothing');
    expect([unknown.status, unknown.said]).toEqual([2, expect.stringContaining('no such projection')]);

    const resumed = await projections('resume', 'activities', '--json');
    expect(JSON.parse(resumed.out)).toMatchObject({ state: 'running' });
    await client.get('/activities', { 'Consistency-Token': position }).expect(200);
    expect((await projections('--max-lag', '60')).status).toBe(0);
  }, 180_000);

  it('ends with status 2 and the reason when it is not asked as it must be, or there is no record', async () => {
    const asked = await projections('--max-lag', 'x');
    expect([asked.status, asked.said]).toEqual([2, expect.stringContaining('Give seconds such as 30.')]);
    const nowhere = join(dataDir, 'nowhere');
    const refused = await new Promise<[code: unknown, said: string]>((resolve) =>
      execFile(
        process.execPath,
        [coop, 'audit', 'verify'],
        { env: environment({ DATA_DIR: nowhere }) },
        (error, _, said) => resolve([error?.code, said]),
      ),
    );
    expect(refused).toEqual([2, expect.stringContaining(`There is no record in ${nowhere}.`)]);
    expect(existsSync(nowhere)).toBe(false);
  });

  it('makes the rows anew beside those that serve, and drops those of before', async () => {
    const rebuilt = await projections('rebuild', 'activities', '--reason', 'an index', '--json');
    expect([rebuilt.status, rebuilt.said]).toEqual([0, '']);
    expect(JSON.parse(rebuilt.out)).toMatchObject({
      ...{ name: 'activities', state: 'running', generation: 2 },
      generations: [{ name: 'activities_1', phase: 'retired' }],
    });
    expect((await projections()).out).toMatch(/activities_1 .*retired/);
    const serves = await projections('drop-generation', 'activities');
    expect([serves.status, serves.said]).toEqual([2, expect.stringContaining('serves')]);
    const dropped = await projections('drop-generation', 'activities_1', '--json');
    expect(JSON.parse(dropped.out)).toMatchObject({ name: 'activities', generations: [] });
    await projections('pause', 'activities');
    const begun = await projections('rebuild', 'activities', '--no-wait');
    expect([begun.status, begun.out]).toEqual([0, expect.stringContaining('activities_3 has begun')]);
    const held = await projections('pause', 'activities_3');
    expect([held.status, held.out]).toEqual([
      0,
      expect.stringMatching(/^activities_3 is paused at position -?\d+\.\n$/),
    ]);
    expect((await projections()).said).toContain('activities_3 serves once activities is resumed.');
    const refused = await projections('rebuild', 'activities', '--no-wait');
    expect([refused.status, refused.said]).toEqual([2, expect.stringContaining('is being made already')]);

    // One that is under way already is waited for.
    await projections('resume', 'activities_3');
    let isWaiting: () => void;
    const waits = new Promise<void>((resolve) => (isWaiting = resolve));
    const waiting = runTelling(
      (text) => text.includes('activities_3 is being made already: waiting') && isWaiting(),
      ...['projections', 'rebuild', 'activities', '--json'],
    );
    await waits;
    await projections('resume', 'activities');
    const { status, out } = await waiting;
    expect([status, JSON.parse(out)]).toMatchObject([0, { name: 'activities', generation: 3 }]);
  }, 180_000);
});
