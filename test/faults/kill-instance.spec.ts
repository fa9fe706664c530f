import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anActivity, api, type Answer } from '../support/http.js';
import { startInstance } from '../support/instance.js';
import { IS_LONG } from '../support/setting.js';
import { describeEmbedded } from '../support/stores.js';

const WRITERS = 16;
const PARTICIPATIONS = 3;

describeEmbedded('kill -9 of everything, embedded stores included', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cooperation-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  it('loses no acknowledged command and leaves none half written while 16 clients write', async () => {
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < (IS_LONG ? 2 : 1); round++) {
      const instance = await startInstance(dataDir);
      const client = api(instance.url);
      let enough: () => void;
      const reached = new Promise<void>((resolve) => (enough = resolve));
      const goal = acknowledged.size + 300;
      const write = async (writer: number) => {
        for (let n = 0; ; n++) {
          const title = `Round ${round}, writer ${writer}, activity ${n}`;
          const participations = Array.from({ length: PARTICIPATIONS }, (_, of) => ({
            institution: `Institution ${of}`,
            total: 1,
          }));
          const answer = await client
            .post('/activities/log', { ...anActivity, title, participations })
            .catch(() => undefined);
          if (answer?.status !== 201) return;
          acknowledged.set((answer.body as Answer).id, title);
          if (acknowledged.size >= goal) enough();
        }
      };
      const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer));
      await reached;
      await instance.killAll();
      await Promise.all(writers);
    }

    const instance = await startInstance(dataDir);
    const client = api(instance.url);
    // Sees everything: a token of a command taken after the restart.
    const last = (await client.post('/activities/log', { ...anActivity, title: 'After' })).body as Answer;
    const headers = { 'Consistency-Token': last.position };
    const stored = new Map<string, string>();
    for (let cursor = ''; ;) {
      const page = await client.get(`/activities?limit=500${cursor}`, headers).expect(200);
      for (const { id, title } of page.body.items as { id: string; title: string }[]) stored.set(id, title);
      if (page.body.nextCursor === null) break;
      cursor = `&cursor=${page.body.nextCursor as string}`;
    }
    for (const [id, title] of acknowledged) expect([id, stored.get(id)]).toEqual([id, title]);
    for (const [id, title] of stored) {
      if (title === 'After') continue;
      const history = await client.get(`/activities/${id}/history`).expect(200);
      expect([title, history.body.items.length]).toEqual([title, 1 + PARTICIPATIONS]);
    }
    expect(await instance.stop()).toBe(0);
  });
});
