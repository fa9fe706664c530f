import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_POSITION } from '#event-sourcing';
import type { DomainEvent } from '#shared-kernel';
import { idOf, startReadModel, type ReadModel } from '#testing';
import { partnershipContext } from '../context.js';
import { contributionStream, type ContributionEvent } from '../contributions/domain/events.js';
import { documentStream, type DocumentEvent } from '../documents/domain/events.js';
import { goalStream, type GoalEvent } from '../goals/domain/events.js';

const AT = '2026-01-05T10:00:00.000Z';
const reason = 'r';
const sources: never[] = [];

describe('partnershipProjection', () => {
  let model: ReadModel;

  beforeAll(async () => {
    model = await startReadModel(partnershipContext);
    model.startProjectors();
  });
  afterAll(() => model?.stop());

  const rowsAt = (table: string, column: string, id: string, position: bigint) =>
    model.dataSource
      .query<{ row: Record<string, unknown> }[]>(
        `select to_jsonb(t) as row from partnership.${table} t
         where ${column} = $1 and from_position <= $2 and to_position > $2 order by id`,
        [id, String(position)],
      )
      .then((found) => found.map(({ row }) => row));

  /** Records the events one by one; answers the rows of a table as of each. */
  const versions = async (
    stream: string,
    events: readonly DomainEvent[],
    table: string,
    column: string,
    id: string,
  ) => {
    const positions: bigint[] = [];
    for (const event of events) positions.push(await model.record(stream, [event], AT));
    await model.projected();
    return Promise.all(positions.map((at) => rowsAt(table, column, id, at)));
  };

  it('keeps the status of a document that its milestones give, and its children over a withdrawal', async () => {
    const id = idOf('document');
    const milestone = (name: string) => idOf(`milestone ${name}`);
    const events: DocumentEvent[] = [
      { type: 'DocumentRecorded', data: { type: 'ipap', title: 'Plan', reference: 'PO(2005)47', sources } },
      { type: 'MilestoneReached', data: { milestoneId: milestone('b'), milestone: 'in-force', sources } },
      {
        type: 'MilestoneReached',
        data: { milestoneId: milestone('a'), milestone: 'agreed', on: '2005-02', sources },
      },
      { type: 'MilestoneWithdrawn', data: { milestoneId: milestone('b'), reason } },
      { type: 'DocumentAmended', data: { changes: { title: 'Ümumi plan' } } },
      {
        type: 'CycleOpened',
        data: { cycleId: idOf('cycle'), from: '2005', to: '2007', status: 'planned', sources },
      },
      { type: 'DocumentWithdrawn', data: { reason } },
      { type: 'DocumentReinstated', data: { reason } },
    ];
    const rows = await versions(documentStream(id), events, 'document', 'id', id);
    expect(rows.map(([row]) => [row!.status, row!.search_text])).toEqual([
      ['recorded', 'plan po(2005)47'],
      ['in-force', 'plan po(2005)47'],
      ['in-force', 'plan po(2005)47'],
      ['agreed', 'plan po(2005)47'],
      ['agreed', 'umumi plan po(2005)47'],
      ['agreed', 'umumi plan po(2005)47'],
      ['withdrawn', 'umumi plan po(2005)47'],
      ['agreed', 'umumi plan po(2005)47'],
    ]);
    expect(await rowsAt('milestone', 'document_id', id, MAX_POSITION - 1n)).toMatchObject([
      { milestone: 'agreed', on_date: '2005-02', earliest: '2005-02-01', latest: '2005-02-28' },
    ]);
    expect(await rowsAt('cycle', 'document_id', id, MAX_POSITION - 1n)).toMatchObject([
      { status: 'planned' },
    ]);
  });

  it('keeps every version of a cycle', async () => {
    const cycleId = idOf('lived cycle');
    const period = { from: '2005', to: '2007', sources };
    const events: DocumentEvent[] = [
      { type: 'CycleOpened', data: { cycleId, ...period, title: 'First', status: 'planned' } },
      { type: 'CycleActivated', data: { cycleId } },
      { type: 'CycleExtended', data: { cycleId, to: '2008-02', reason } },
      { type: 'CycleCorrected', data: { cycleId, ...period, from: '2005-03', agreedOn: '2004', reason } },
      { type: 'CycleCompleted', data: { cycleId } },
      { type: 'CycleWithdrawn', data: { cycleId, reason } },
    ];
    const stream = documentStream(idOf('document with a cycle'));
    await model.record(
      stream,
      [{ type: 'DocumentRecorded', data: { type: 'ipap', title: 'P', sources } }],
      AT,
    );
    const rows = await versions(stream, events, 'cycle', 'id', cycleId);
    expect(
      rows.map(([row]) => row && [row.status, row.title, row.first_day, row.last_day, row.agreed_on]),
    ).toEqual([
      ['planned', 'First', '2005-01-01', '2007-12-31', null],
      ['active', 'First', '2005-01-01', '2007-12-31', null],
      ['active', 'First', '2005-01-01', '2008-02-29', null],
      ['active', null, '2005-03-01', '2007-12-31', '2004'],
      ['completed', null, '2005-03-01', '2007-12-31', '2004'],
      undefined,
    ]);
  });

  it('keeps the status of a goal that its latest assessment gives', async () => {
    const id = idOf('goal');
    const assessment = (name: string) => idOf(`assessment ${name}`);
    const events: GoalEvent[] = [
      {
        type: 'GoalProposed',
        data: { code: 'G 1', title: 'Goal', branch: 'land', proposedOn: '2004-02', sources },
      },
      { type: 'GoalAssessed', data: { assessmentId: assessment('b'), on: '2006', status: 'implemented' } },
      { type: 'GoalAssessed', data: { assessmentId: assessment('a'), on: '2005', status: 'accepted' } },
      {
        type: 'AssessmentCorrected',
        data: { assessmentId: assessment('b'), on: '2004-12', status: 'in-progress', reason },
      },
      { type: 'AssessmentWithdrawn', data: { assessmentId: assessment('a'), reason } },
      { type: 'GoalAmended', data: { changes: { proposedOn: null } } },
    ];
    const rows = await versions(goalStream(id), events, 'goal', 'id', id);
    expect(rows.map(([row]) => [row!.status, row!.proposed_by_day])).toEqual([
      ['proposed', '2004-02-29'],
      ['implemented', '2004-02-29'],
      ['implemented', '2004-02-29'],
      ['accepted', '2004-02-29'],
      ['in-progress', '2004-02-29'],
      ['in-progress', null],
    ]);
    expect(await rowsAt('assessment', 'goal_id', id, MAX_POSITION - 1n)).toMatchObject([
      { on_date: '2004-12', latest: '2004-12-31', ordinal: 1, status: 'in-progress' },
    ]);
  });

  it('keeps the days of segments, open ones of persons and closed ones of money', async () => {
    const segmentId = idOf('segment');
    const [persons, money] = [idOf('persons'), idOf('money')];
    const events: ContributionEvent[] = [
      {
        type: 'ContributionRecorded',
        data: { operation: 'ISAF', kind: 'personnel', unit: 'persons', sources },
      },
      { type: 'SegmentAdded', data: { segmentId, from: '2002-11', value: 22, sources } },
      { type: 'SegmentEnded', data: { segmentId, to: '2003-02' } },
      { type: 'SegmentCorrected', data: { segmentId, from: '2002', to: '2003', sources, reason } },
      { type: 'SegmentWithdrawn', data: { segmentId, reason } },
    ];
    const rows = await versions(contributionStream(persons), events, 'segment', 'id', segmentId);
    expect(rows.map(([row]) => row && [row.first_day, row.last_day, row.value])).toEqual([
      undefined,
      ['2002-11-01', null, 22],
      ['2002-11-01', '2003-02-28', 22],
      ['2002-01-01', '2003-12-31', null],
      undefined,
    ]);
    const value = 1_000_000_000_000;
    await model.record(
      contributionStream(money),
      [
        { type: 'ContributionRecorded', data: { operation: 'Fund', kind: 'funding', unit: 'EUR', sources } },
        { type: 'SegmentAdded', data: { segmentId: idOf('paid'), from: '2015', value, sources } },
      ],
      AT,
    );
    await model.projected();
    expect(await rowsAt('segment', 'contribution_id', money, MAX_POSITION - 1n)).toMatchObject([
      { first_day: '2015-01-01', last_day: '2015-12-31', to_date: null, value },
    ]);
  });
});
