import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#event-sourcing';
import { lastDay } from '#shared-kernel';
import { idOf, random, startReadModel, type ReadModel } from '#testing';
import { dialogueContext } from '../context.js';
import { dialogueDecider } from '../domain/decide.js';
import type { Dialogue } from '../domain/dialogue.js';
import { dialogueEventDefinitions, dialogueStream, type DialogueEvent } from '../domain/events.js';
import type { DialogueFields } from '../domain/fields.js';
import { randomHistory } from '../testing/random-history.js';
import { dialogueProjection } from './dialogue-projection.js';

const AT = '2026-01-05T10:00:00.000Z';
const SEED = 20260611;
const SESSIONS = 40;
const fields: DialogueFields = {
  title: 'Staff talks',
  format: 'staff-talks',
  date: '2026-03-02',
  endDate: '2026-03-06',
  topics: ['Reform'],
  sources: [],
};
const randomId = (session: number) => idOf(`random ${session}`);

describe('dialogueProjection', () => {
  let model: ReadModel;

  beforeAll(async () => {
    model = await startReadModel(dialogueContext);
    model.startProjectors();
  });
  afterAll(() => model?.stop());

  const rowAt = async (table: string, id: string, position: bigint) =>
    (
      await model.dataSource.query<{ row: Record<string, unknown> }[]>(
        `select to_jsonb(t) as row from dialogue.${table} t where id = $1 and from_position <= $2 and to_position > $2`,
        [id, String(position)],
      )
    )[0]?.row;

  /** Records the events one by one; answers the row as of each, with the columns named. */
  const versions = async (
    session: string,
    table: string,
    id: string,
    columns: readonly string[],
    ...events: DialogueEvent[]
  ) => {
    const positions: bigint[] = [];
    for (const event of events)
      positions.push(await model.record(dialogueStream(idOf(session)), [event], AT));
    await model.projected();
    const rows = await Promise.all(positions.map((at) => rowAt(table, id, at)));
    return rows.map((row) => row && columns.map((column) => row[column]));
  };

  it('keeps every version of a session from its date to a correction after it was minuted', async () => {
    const shown = await versions(
      'life',
      'session',
      idOf('life'),
      ['status', 'date', 'held_date', 'earliest_date', 'latest_date', 'latest_end', 'level', 'topics'],
      { type: 'DialogueSessionScheduled', data: { ...fields, level: 'expert' } },
      { type: 'DialogueSessionAmended', data: { changes: { date: '2026-05', endDate: null } } },
      { type: 'DialogueSessionHeld', data: { date: '2026-05-04', endDate: '2026-05-05' } },
      { type: 'MinutesRecorded', data: { summary: 'Agreed.', decisions: [] } },
      {
        type: 'DialogueSessionAmended',
        data: { changes: { held: { date: '2026-04-30' }, level: null, topics: [] } },
      },
      { type: 'DialogueSessionWithdrawn', data: { reason: 'r' } },
      { type: 'DialogueSessionReinstated', data: { reason: 'r' } },
    );
    const reform = ['Reform'];
    expect(shown).toEqual([
      ['scheduled', '2026-03-02', null, '2026-03-02', '2026-03-02', '2026-03-06', 'expert', reform],
      ['scheduled', '2026-05', null, '2026-05-01', '2026-05-31', '2026-05-31', 'expert', reform],
      ['held', '2026-05', '2026-05-04', '2026-05-04', '2026-05-04', '2026-05-05', 'expert', reform],
      ['minuted', '2026-05', '2026-05-04', '2026-05-04', '2026-05-04', '2026-05-05', 'expert', reform],
      ['minuted', '2026-05', '2026-04-30', '2026-04-30', '2026-04-30', '2026-04-30', null, []],
      ['withdrawn', '2026-05', '2026-04-30', '2026-04-30', '2026-04-30', '2026-04-30', null, []],
      ['minuted', '2026-05', '2026-04-30', '2026-04-30', '2026-04-30', '2026-04-30', null, []],
    ]);
  });

  it('keeps what became of a follow-up, version by version', async () => {
    const followUpId = idOf('task');
    const [before, after] = [idOf('activity'), idOf('another activity')];
    const shown = await versions(
      'tasks',
      'follow_up',
      followUpId,
      ['session_id', 'owner', 'due_on', 'due_by', 'activity_id', 'status', 'completed_on'],
      { type: 'DialogueSessionLogged', data: { ...fields, held: { date: fields.date } } },
      {
        type: 'FollowUpAgreed',
        data: { followUpId, text: 'Draft', owner: 'Academy', dueOn: '2024-02', activityId: before },
      },
      { type: 'FollowUpAmended', data: { followUpId, changes: { dueOn: null, owner: 'Ministry' } } },
      { type: 'FollowUpCompleted', data: { followUpId, on: '2026-04', activityId: after } },
      { type: 'FollowUpAmended', data: { followUpId, changes: { activityId: null } } },
    );
    const session = idOf('tasks');
    expect(shown).toEqual([
      undefined,
      [session, 'Academy', '2024-02', '2024-02-29', before, 'open', null],
      [session, 'Ministry', null, null, before, 'open', null],
      [session, 'Ministry', null, null, after, 'completed', '2026-04'],
      [session, 'Ministry', null, null, null, 'completed', '2026-04'],
    ]);
  });

  it(`comes to the same rows in batches of one and of five hundred (seed ${SEED})`, async () => {
    const next = random(SEED);
    const types = new Set<string>();
    for (let session = 0; session < SESSIONS; session++) {
      for (const events of randomHistory(randomId(session), 40, next)) {
        await model.record(dialogueStream(randomId(session)), events, AT);
        for (const { type } of events) types.add(type);
      }
    }
    expect([...types].sort()).toEqual(Object.keys(dialogueEventDefinitions).sort());
    await model.projected();
    const inBatches = await everyRow();
    await model.rebuild(1);
    await model.projected();
    expect(await everyRow()).toEqual(inBatches);
  });

  it(`says of every session and follow-up what its events say (seed ${SEED})`, async () => {
    for (let session = 0; session < SESSIONS; session++) {
      const id = randomId(session);
      const events = (await model.store.readStream(dialogueStream(id))) as RecordedEvent<DialogueEvent>[];
      const at = events.at(-1)!.position;
      const { status, described, held, followUps } = events.reduce<Dialogue | undefined>(
        (state, event) => dialogueDecider.evolve(state, event),
        undefined,
      )!;
      expect(await rowAt('session', id, at)).toMatchObject({
        status,
        title: described.title,
        format: described.format,
        level: described.level ?? null,
        place_city: described.place?.city ?? null,
        date: described.date,
        held_date: held?.date ?? null,
        topics: described.topics,
      });
      for (const { followUpId, dueOn, activityId, completedOn, text, status: now } of followUps)
        expect(await rowAt('follow_up', followUpId, at)).toMatchObject({
          session_id: id,
          text,
          status: now,
          due_on: dueOn ?? null,
          due_by: dueOn ? lastDay(dueOn) : null,
          activity_id: activityId ?? null,
          completed_on: completedOn ?? null,
        });
    }
  });

  const everyRow = async () => {
    const rows: Record<string, unknown[]> = {};
    for (const table of [...dialogueProjection.tables.map(({ name }) => name), 'timeline'])
      rows[table] = await model.dataSource.query<unknown[]>(
        `select to_jsonb(t) as row from dialogue.${table} t order by to_jsonb(t)::text`,
      );
    return rows;
  };
});
