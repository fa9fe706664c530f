import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { activitiesContext, activityStream } from '#activities';
import { skipEvent, streamPrefixesOf } from '#event-sourcing';
import { idOf, startReadModel, type ReadModel } from '#testing';
import pg from 'pg';
import { auditContext } from '../context.js';
import { until } from '../testing/auditing.js';
import { verify } from './verify.js';

const contexts = [activitiesContext, auditContext(streamPrefixesOf([activitiesContext]))];
const at = '2026-01-05T10:00:00.000Z';

describe('verify, where an event was skipped', () => {
  let model: ReadModel;
  let sql: pg.Client;

  beforeAll(async () => {
    model = await startReadModel(...contexts);
    sql = new pg.Client((model.dataSource.options as { url: string }).url);
    await sql.connect();
    model.startProjectors();
  });
  afterAll(async () => {
    await sql?.end();
    await model?.stop();
  });

  it('reports it as skipped, and no row for it', async () => {
    const plan = { title: 'Course', kind: 'course', programme: 'ipcp', role: 'participant' };
    const planned = { ...plan, startsOn: '2026-05', goalIds: [], sources: [] };
    const record = (name: string, type: string, data: object) =>
      model.record(activityStream(idOf(name)), [{ type, data }], at);
    await record('before', 'ActivityPlanned', planned);
    // Of an activity that was never planned: there is no row to be amended.
    const position = await record('never planned', 'ActivityAmended', { changes: { title: 'Other' } });
    const last = await record('after', 'ActivityPlanned', planned);
    await until(
      async () =>
        (await sql.query("select from public.projection where name = 'activities' and state = 'paused'"))
          .rowCount === 1,
    );
    const decision = { by: 'staff-1', reason: 'never planned', at: new Date(at) };
    expect(await skipEvent(sql, 'activities', position, decision)).toBe(true);
    await model.projected(last);
    const result = await verify({
      store: model.store,
      connections: [sql],
      projections: contexts.flatMap(({ projections }) => projections),
      summaries: [],
      streamPrefixes: streamPrefixesOf(contexts),
      compareEdition: () => Promise.resolve('matches'),
    });
    expect(result).toMatchObject({
      ...{ intact: true, faults: [], events: 3, rowsPosition: String(last) },
      skipped: [
        { projection: 'activities', position: String(position), type: 'ActivityAmended', by: 'staff-1', at },
      ],
    });
    expect(result.skipped[0]).toMatchObject({ reason: 'never planned', revision: '0' });
  }, 30_000);
});
