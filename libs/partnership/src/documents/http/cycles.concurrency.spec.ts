import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Answer } from '#testing';
import { startPartnershipApi, type PartnershipApi } from '../../testing/partnership-api.js';

let api: PartnershipApi;
/** Two processes' worth of the application: neither knows what the other is about to write. */
let other: Awaited<ReturnType<PartnershipApi['serveAnother']>>;

beforeAll(async () => {
  api = await startPartnershipApi();
  other = await api.serveAnother();
});
afterAll(async () => {
  await other?.stop();
  await api?.stop();
});

const ROUNDS = 20;

it('lets one of two cycles through that overlap, though both are opened at the same moment in two processes', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = (await api.post('/documents', { type: 'ipap', title: `Plan ${round}` })).body;
    const path = `/documents/${id}/cycles`;
    const answers: Answer[] = await Promise.all([
      api.post(path, { from: '2005', to: '2007' }),
      other.post(path, { from: '2007-12-31', to: '2009' }),
    ]);
    const [won, lost] = answers.sort((one, two) => one.status - two.status) as [Answer, Answer];
    expect({ round, won: won.status, lost: lost.status, code: lost.body.code }).toEqual({
      round,
      won: 201,
      lost: 422,
      code: 'CycleOverlaps',
    });
    expect((await api.get(`/documents/${id}`)).body.cycles).toMatchObject([{ cycleId: won.body.cycleId }]);
  }
});

it('lets both through that do not overlap', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = (await api.post('/documents', { type: 'ipap', title: `Plan ${round}` })).body;
    const path = `/documents/${id}/cycles`;
    const answers = await Promise.all([
      api.post(path, { from: '2005', to: '2007' }),
      other.post(path, { from: '2008', to: '2010' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect((await api.get(`/documents/${id}`)).body.cycles).toHaveLength(2);
  }
});
