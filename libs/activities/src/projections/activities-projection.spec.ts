import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { viewOf } from '#aggregates';
import { MAX_POSITION, type RecordedEvent } from '#event-sourcing';
import { idOf, random, startReadModel, type ReadModel } from '#testing';
import { activityEventDefinitions, activityStream, type ActivityEvent } from '../domain/events.js';
import type { ActivityFields } from '../domain/fields.js';
import { activityView } from '../queries/activity-view.js';
import { randomHistory } from '../testing/random-history.js';

import { activitiesContext } from '../context.js';
import { activitiesProjection } from './activities-projection.js';

const AT = '2026-01-05T10:00:00.000Z';
const fields: ActivityFields = {
  title: 'Staff course',
  kind: 'course',
  programme: 'ipcp',
  role: 'participant',
  startsOn: '2026-03-02',
  endsOn: '2026-03-06',
  goalIds: [],
  sources: [],
};
const delegation = { participationId: idOf('p'), country: 'AZ', institution: 'Academy', total: 12 };

describe('activitiesProjection', () => {
  let model: ReadModel;

  beforeAll(async () => {
    model = await startReadModel(activitiesContext);
    model.startProjectors();
  });
  afterAll(() => model?.stop());

  const rowsAt = (table: string, id: string, position: bigint) =>
    model.dataSource
      .query<{ row: Record<string, unknown> }[]>(
        `select to_jsonb(t) as row from activities.${table} t where id = $1 and from_position <= $2 and to_position > $2`,
        [id, String(position)],
      )
      .then((found) => found.map(({ row }) => row));

  /** Records the events one by one; answers the activity's row as of each. */
  const versions = async (name: string, ...events: ActivityEvent[]) => {
    const positions: bigint[] = [];
    for (const event of events) positions.push(await model.record(activityStream(idOf(name)), [event], AT));
    await model.projected(positions.at(-1)!);
    return {
      positions,
      rows: await Promise.all(positions.map(async (at) => (await rowsAt('activity', idOf(name), at))[0])),
    };
  };

  it('keeps every version of an activity from its plan to a correction after it was held', async () => {
    const { rows } = await versions(
      'life',
      { type: 'ActivityPlanned', data: { ...fields, organiser: { name: 'NATO School', kind: 'nato' } } },
      { type: 'ActivityApproved', data: {} },
      { type: 'ActivityPostponed', data: { reason: 'fog' } },
      { type: 'ActivityRescheduled', data: { startsOn: '2026-05', reason: 'fog' } },
      { type: 'ActivityHeld', data: { startsOn: '2026-05-04', endsOn: '2026-05-05' } },
      { type: 'ActivityAmended', data: { changes: { held: { startsOn: '2026-04-30' }, organiser: null } } },
    );
    const shown = rows.map((row) => [
      row!.status,
      row!.starts_on,
      row!.held_starts_on,
      row!.earliest_start,
      row!.latest_start,
      row!.latest_end,
      row!.organiser_name,
    ]);
    const school = 'NATO School';
    expect(shown).toEqual([
      ['proposed', '2026-03-02', null, '2026-03-02', '2026-03-02', '2026-03-06', school],
      ['approved', '2026-03-02', null, '2026-03-02', '2026-03-02', '2026-03-06', school],
      ['postponed', null, null, '2026-03-02', '2026-03-02', '2026-03-06', school],
      ['approved', '2026-05', null, '2026-05-01', '2026-05-31', '2026-05-31', school],
      ['held', '2026-05', '2026-05-04', '2026-05-04', '2026-05-04', '2026-05-05', school],
      ['held', '2026-05', '2026-04-30', '2026-04-30', '2026-04-30', '2026-04-30', null],
    ]);
  });

  it('keeps the goals that an activity names, and none as not recorded', async () => {
    const goalIds = [idOf('goal'), idOf('other goal')];
    const { rows } = await versions(
      'goals',
      { type: 'ActivityPlanned', data: fields },
      { type: 'ActivityAmended', data: { changes: { goalIds } } },
      { type: 'ActivityApproved', data: {} },
      { type: 'ActivityAmended', data: { changes: { goalIds: [] } } },
    );
    expect(rows.map((row) => row!.goal_ids)).toEqual([null, goalIds, goalIds, null]);
  });

  it('finds the way back through every state left behind', async () => {
    const { rows } = await versions(
      'back',
      { type: 'ActivityPlanned', data: fields },
      { type: 'ActivityPostponed', data: { reason: 'r' } },
      { type: 'ActivityCancelled', data: { reasonCode: 'host' } },
      { type: 'ActivityMarkedDuplicate', data: { of: idOf('life'), reason: 'r' } },
      { type: 'ActivityReinstated', data: { reason: 'r' } },
      { type: 'ActivityReinstated', data: { reason: 'r' } },
      { type: 'ActivityRescheduled', data: { startsOn: '2027', reason: 'r' } },
    );
    expect(rows.map((row) => row!.status)).toEqual([
      'proposed',
      'postponed',
      'cancelled',
      'duplicate',
      'cancelled',
      'postponed',
      'proposed',
    ]);
  });

  it('keeps corrected and withdrawn participations as they were', async () => {
    const { positions } = await versions(
      'parts',
      { type: 'ActivityLogged', data: { ...fields, held: { startsOn: fields.startsOn } } },
      { type: 'ParticipationRecorded', data: delegation },
      { type: 'ParticipationCorrected', data: { ...delegation, total: 10, military: 4, reason: 'r' } },
      { type: 'ParticipationWithdrawn', data: { participationId: delegation.participationId, reason: 'r' } },
    );
    const found = await Promise.all(
      positions.map((at) => rowsAt('participation', delegation.participationId, at)),
    );
    expect(found.map((rows) => rows.map(({ total, military }) => [total, military]))).toEqual([
      [],
      [[12, null]],
      [[10, 4]],
      [],
    ]);
  });

  it('makes one version of what one append says of a row, and gives each event its own time', async () => {
    const id = idOf('one append');
    const last = await model.record(
      activityStream(id),
      [
        { type: 'ActivityLogged', data: { ...fields, held: { startsOn: fields.startsOn } } },
        { type: 'ParticipationRecorded', data: { ...delegation, participationId: idOf('q') } },
      ],
      AT,
    );
    await model.projected(last);
    const versionsOf = await model.dataSource.query<unknown[]>(
      'select 1 from activities.activity where id = $1',
      [id],
    );
    expect(versionsOf).toHaveLength(1);
    const [timeline] = await model.dataSource.query<{ events: string; ordered: boolean }[]>(
      `select count(*) as events, bool_and(ordered) as ordered from
         (select position > lag(position, 1, -1) over (order by recorded_at) as ordered from activities.timeline) t`,
    );
    const [checkpoint] = await model.dataSource.query<{ events: string }[]>(
      'select events from public.projection',
    );
    expect(timeline).toEqual({ events: checkpoint!.events, ordered: true });
  });

  it('comes to the same rows in batches of one and of five hundred', async () => {
    const next = random(20261124);
    let last = 0n;
    const types = new Set<string>();
    for (let activity = 0; activity < 40; activity++) {
      const id = idOf(`random ${activity}`);
      for (const events of randomHistory(id, 40, next)) {
        last = await model.record(activityStream(id), events, AT);
        for (const { type } of events) types.add(type);
      }
    }
    expect([...types].sort()).toEqual(Object.keys(activityEventDefinitions).sort());
    await model.projected(last);
    const inBatches = await everyRow();
    await model.rebuild(1);
    await model.projected(last);
    expect(await everyRow()).toEqual(inBatches);
  });

  it('says of every activity what its events say', async () => {
    for (let activity = 0; activity < 40; activity++) {
      const id = idOf(`random ${activity}`);
      const events = (await model.store.readStream(activityStream(id))) as RecordedEvent<ActivityEvent>[];
      const { status, title, startsOn, held, organiser, participations } = viewOf(
        activityView,
        id,
        events,
        new Date(AT),
      );
      const [row] = await rowsAt('activity', id, events.at(-1)!.position);
      expect(row).toMatchObject({
        status,
        title,
        starts_on: startsOn ?? null,
        held_starts_on: held?.startsOn ?? null,
        held_ends_on: held?.endsOn ?? null,
        organiser_name: organiser?.name ?? null,
      });
      const [taken] = await model.dataSource.query<{ total: string | null }[]>(
        'select sum(total) as total from activities.participation where activity_id = $1 and to_position = $2',
        [id, String(MAX_POSITION)],
      );
      const total = participations.reduce((sum, participation) => sum + participation.total, 0);
      expect(Number(taken!.total)).toBe(total);
    }
  });

  const everyRow = async () => {
    const rows: Record<string, unknown[]> = {};
    for (const table of [...activitiesProjection.tables.map(({ name }) => name), 'timeline'])
      rows[table] = await model.dataSource.query<unknown[]>(
        `select to_jsonb(t) as row from activities.${table} t order by to_jsonb(t)::text`,
      );
    return rows;
  };
});
