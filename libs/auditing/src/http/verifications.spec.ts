import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { idOf } from '#testing';
import { startAuditing, until, type Auditing } from '../testing/auditing.js';

describe('verifications over HTTP', () => {
  let audit: Auditing;
  const auditor = { 'X-Actor': 'auditor-1' };

  beforeAll(async () => {
    audit = await startAuditing();
    await audit.recordHistory(1, 2);
    await audit.projected();
  });
  afterAll(() => audit?.stop());

  const done = async (location: string) => {
    let answer = await audit.get(location);
    await until(async () => {
      answer = await audit.get(location);
      return answer.body.state !== 'running';
    });
    return answer.body;
  };

  it('run beside the requests, one at a time, and say what they found', async () => {
    const begun = await audit.post('/audit/verifications', undefined, auditor);
    expect(begun).toMatchObject({ status: 202, body: { state: 'running', startedBy: 'auditor-1' } });
    const another = await audit.post('/audit/verifications', undefined, auditor);
    expect(another).toMatchObject({ status: 409, body: { code: 'VerificationRunning' } });
    const location = begun.headers.location!.replace('/api/v1', '');
    expect(location).toBe(`/audit/verifications/${begun.body.id}`);
    const stored = await audit.stored();
    expect(await done(location)).toMatchObject({
      state: 'done',
      progress: { secondsLeft: null },
      result: { intact: true, events: stored.length, faults: [] },
    });
  });

  it('name what does not fit', async () => {
    await audit.dataSource.query(
      `update audit.event set actor = 'somebody' where id = (select id from audit.event order by id limit 1)`,
    );
    const begun = await audit.post('/audit/verifications', undefined, auditor);
    const { result } = await done(`/audit/verifications/${begun.body.id}`);
    expect(result).toMatchObject({
      intact: false,
      faults: [{ kind: 'row', fault: 'different', table: 'audit.event', columns: ['actor'] }],
    });
  });

  it('are asked for by somebody, and are there or not', async () => {
    expect(await audit.post('/audit/verifications', undefined, { 'X-Actor': '' })).toMatchObject({
      status: 401,
    });
    expect(await audit.get(`/audit/verifications/${idOf('none')}`)).toMatchObject({
      status: 404,
      body: { code: 'VerificationNotFound' },
    });
    expect(await audit.get('/audit/verifications/7')).toMatchObject({ status: 400 });
  });
});
