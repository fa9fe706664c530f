import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { viewOf } from '#aggregates';
import { MAX_POSITION, type RecordedEvent } from '#event-sourcing';
import type { DomainEvent } from '#shared-kernel';
import { idOf, random, startReadModel, type ReadModel } from '#testing';
import { partnershipContext } from '../context.js';
import { contributionStream, type ContributionEvent } from '../contributions/domain/events.js';
import { contributionView } from '../contributions/queries/contribution-view.js';
import { documentStream, type DocumentEvent } from '../documents/domain/events.js';
import { documentView } from '../documents/queries/document-view.js';
import { goalStream, type GoalEvent } from '../goals/domain/events.js';
import { goalView } from '../goals/queries/goal-view.js';
import { randomHistories } from '../testing/random-history.js';
import { partnershipProjection } from './partnership-projection.js';

const AT = '2026-01-05T10:00:00.000Z';
const SEED = 20_261_125;
/** Aggregates of each kind. */
const EACH = 10;

describe(`partnershipProjection, over random histories (seed ${SEED})`, () => {
  let model: ReadModel;
  const types = new Set<string>();

  beforeAll(async () => {
    model = await startReadModel(partnershipContext);
    model.startProjectors();
    const next = random(SEED);
    for (const [prefix, history] of Object.entries(randomHistories)) {
      for (let n = 0; n < EACH; n++) {
        const id = idOf(`random ${n}`);
        for (const events of history(id, 40, next)) {
          await model.record(`${prefix}${id}`, events, AT);
          for (const { type } of events) types.add(type);
        }
      }
    }
    await model.projected();
  });
  afterAll(() => model?.stop());

  const rowsNow = (table: string, column: string, id: string) =>
    model.dataSource
      .query<{ row: Record<string, unknown> }[]>(
        `select to_jsonb(t) as row from partnership.${table} t where ${column} = $1 and to_position = $2`,
        [id, String(MAX_POSITION)],
      )
      .then((found) => found.map(({ row }) => row));

  it('comes to the same rows in batches of one and of five hundred', async () => {
    expect([...types].sort()).toEqual(Object.keys(partnershipContext.events).sort());
    await model.rebuild(500);
    await model.projected();
    const inBatches = await everyRow();
    await model.rebuild(1);
    await model.projected();
    expect(await everyRow()).toEqual(inBatches);
  });

  it('says of every aggregate what its events say', async () => {
    const read = async <Event extends DomainEvent>(stream: string) =>
      (await model.store.readStream(stream)) as RecordedEvent<Event>[];
    const rowOf = async (table: string, id: string) => (await rowsNow(table, 'id', id))[0];
    const now = new Date(AT);
    for (let n = 0; n < EACH; n++) {
      const id = idOf(`random ${n}`);
      const document = viewOf(documentView, id, await read<DocumentEvent>(documentStream(id)), now);
      expect(await rowOf('document', id)).toMatchObject({ title: document.title, status: document.status });
      const cycles = await rowsNow('cycle', 'document_id', id);
      expect(shown(cycles, 'status', 'from_date', 'to_date')).toEqual(
        shown(document.cycles, 'status', 'from', 'to'),
      );
      const milestones = await rowsNow('milestone', 'document_id', id);
      expect(shown(milestones, 'milestone', 'on_date')).toEqual(
        shown(document.milestones, 'milestone', 'on'),
      );

      const goal = viewOf(goalView, id, await read<GoalEvent>(goalStream(id)), now);
      expect(await rowOf('goal', id)).toMatchObject({
        code: goal.code,
        status: goal.status,
        title: goal.title,
      });
      const assessments = await rowsNow('assessment', 'goal_id', id);
      expect(shown(assessments, 'on_date', 'status')).toEqual(shown(goal.assessments, 'on', 'status'));

      const contribution = viewOf(
        contributionView,
        id,
        await read<ContributionEvent>(contributionStream(id)),
        now,
      );
      expect(await rowOf('contribution', id)).toMatchObject({
        operation: contribution.operation,
        status: contribution.status,
        title: contribution.title ?? null,
      });
      const segments = await rowsNow('segment', 'contribution_id', id);
      expect(shown(segments, 'from_date', 'to_date', 'value')).toEqual(
        shown(contribution.segments, 'from', 'to', 'value'),
      );
    }
  });

  /** The parts by some of their fields, in an order of their own. */
  const shown = (parts: readonly object[], ...fields: string[]) =>
    parts
      .map((part) => JSON.stringify(fields.map((field) => (part as Record<string, unknown>)[field] ?? null)))
      .sort();

  const everyRow = async () => {
    const rows: Record<string, unknown[]> = {};
    for (const table of [...partnershipProjection.tables.map(({ name }) => name), 'timeline'])
      rows[table] = await model.dataSource.query<unknown[]>(
        `select to_jsonb(t) as row from partnership.${table} t order by to_jsonb(t)::text`,
      );
    return rows;
  };
});
