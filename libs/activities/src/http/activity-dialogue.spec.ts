import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AggregatesModule } from '#aggregates';
import { dialogueContext, DialogueModule } from '#dialogue';
import { serve, startReadModel, storesOf, type Answer, type ReadModel } from '#testing';
import { ActivitiesModule } from '../activities.module.js';
import { activitiesContext } from '../context.js';
import { ActivityPolicy } from '../domain/policy.js';
import { fields, office } from '../domain/testing/examples.js';

const talks = { title: 'Staff talks', format: 'staff-talks', date: '2026-04', held: { date: '2026-04-07' } };

describe('an activity that came of the dialogue', () => {
  let model: ReadModel;
  let served: Awaited<ReturnType<typeof serve>>;
  // Each command is recorded a minute after the one before.
  let now = Date.parse('2026-06-01T12:00:00.000Z');
  /** Between the newest command and the next: the events of one command have each a time of their own. */
  const meanwhile = () => new Date(now + 30_000).toISOString();

  beforeAll(async () => {
    model = await startReadModel(activitiesContext, dialogueContext);
    model.startProjectors();
    served = await serve(
      [AggregatesModule, ActivitiesModule, DialogueModule],
      [...storesOf(model), { provide: ActivityPolicy, useValue: office }],
      () => new Date(now),
    );
  });
  afterAll(async () => {
    await served?.stop();
    await model?.stop();
  });

  let newest: Answer;
  const post = async (path: string, body?: object, actor = 'staff-1') => {
    now += 60_000;
    newest = await served.post(path, body, { 'X-Actor': actor });
    expect(newest.status).toBeLessThan(300);
    return newest.body;
  };
  const planned = async (): Promise<string> => (await post('/activities', fields)).id;
  const sessionAgreeing = async (activityId?: string): Promise<string> =>
    (
      await post('/dialogue-sessions/log', {
        ...talks,
        followUps: [{ text: 'Hold a course', owner: 'Academy', activityId }],
      })
    ).id;
  const followUpOf = async (session: string) =>
    (await served.get(`/dialogue-sessions/${session}`)).body.followUps[0];
  /** What an activity says of the dialogue, after the newest command. */
  const dialogueOf = async (activity: string, query = '') => {
    const token = { 'Consistency-Token': newest.headers['consistency-token']! };
    const { status, body } = await served.get(`/activities/${activity}${query}`, token);
    expect({ status, body }).toMatchObject({ status: 200, body: { id: activity, title: fields.title } });
    return body.dialogue;
  };

  it('shows the session, and the session shows the activity; others show none', async () => {
    const [activity, other] = [await planned(), await planned()];
    const sessionId = await sessionAgreeing(activity);
    const { followUpId, activityId } = await followUpOf(sessionId);
    expect(activityId).toBe(activity);
    const shown = { sessionId, followUpId, title: talks.title, date: '2026-04-07' };
    expect(await dialogueOf(activity)).toEqual([shown]);
    expect(await dialogueOf(other)).toBeUndefined();

    const second = await sessionAgreeing();
    const owed = (await followUpOf(second)).followUpId;
    await post(`/dialogue-sessions/${second}/amend`, {
      held: { date: '2026-03-30' },
      title: 'Earlier talks',
    });
    await post(`/dialogue-sessions/${second}/follow-ups/${owed}/complete`, { activityId: activity });
    expect(await dialogueOf(activity)).toEqual([
      { sessionId: second, followUpId: owed, title: 'Earlier talks', date: '2026-03-30' },
      shown,
    ]);
    await post(`/dialogue-sessions/${second}/follow-ups/${owed}/amend`, { activityId: other });
    expect(await dialogueOf(activity)).toEqual([shown]);
    expect(await dialogueOf(other)).toHaveLength(1);
  });

  it('shows it as of the time or the revision asked for', async () => {
    const activity = await planned();
    const before = meanwhile();
    const session = await sessionAgreeing(activity);
    const agreed = meanwhile();
    await post(`/activities/${activity}/approve`, undefined, 'staff-2');
    await post(`/dialogue-sessions/${session}/withdraw`, { reason: 'entered twice' });
    expect(await dialogueOf(activity)).toBeUndefined();
    expect(await dialogueOf(activity, `?asOf=${before}`)).toBeUndefined();
    expect(await dialogueOf(activity, `?asOf=${agreed}`)).toHaveLength(1);
    expect(await dialogueOf(activity, '?revision=0')).toBeUndefined();
    expect(await dialogueOf(activity, '?revision=1')).toHaveLength(1);
    expect((await followUpOf(session)).activityId).toBe(activity);
    await post(`/dialogue-sessions/${session}/reinstate`, { reason: 'it was another one' });
    expect(await dialogueOf(activity)).toMatchObject([{ sessionId: session, title: talks.title }]);
    expect(await followUpOf(session)).toMatchObject({ activityId: activity, status: 'open' });
  });

  it('is shown at once though the dialogue is not projected yet', async () => {
    await model.stopProjectors();
    const activity = await planned();
    await sessionAgreeing(activity);
    const agreed = meanwhile();
    now += 60_000;
    for (const query of ['', '?revision=0', `?asOf=${agreed}`]) {
      const { status, body } = await served.get(`/activities/${activity}${query}`);
      expect({ status, body }).toMatchObject({ status: 200, body: { id: activity } });
      expect(body).not.toHaveProperty('dialogue');
    }
    model.startProjectors();
    expect(await dialogueOf(activity, `?asOf=${agreed}`)).toHaveLength(1);
  });
});
