import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AggregatesModule } from '#aggregates';
import { MerkleSeal } from '#auditing';
import { DialogueModule } from '#dialogue';
import { PartnershipModule } from '#partnership';
import { serve, startReadModel, storesOf, type ReadModel } from '#testing';
import { StateSeal } from '../editions/state-seal.js';
import { ReportPolicy } from '../report-policy.js';
import { ReportingModule } from '../reporting.module.js';
import { reportedContexts } from '../testing/reporting.js';

describe('what was withdrawn', () => {
  let model: ReadModel;
  let served: Awaited<ReturnType<typeof serve>>;
  // A report waits for what may be on its way: each command is recorded a minute after the one before.
  let now = Date.parse('2026-06-15T12:00:00.000Z');

  beforeAll(async () => {
    model = await startReadModel(...reportedContexts);
    model.startProjectors();
    served = await serve(
      [AggregatesModule, DialogueModule, PartnershipModule, ReportingModule],
      [
        ...storesOf(model),
        { provide: ReportPolicy, useValue: { annualTarget: 20 } },
        { provide: StateSeal, useValue: new MerkleSeal(model.dataSource, model.caughtUp) },
      ],
      () => new Date(now),
    );
  });
  afterAll(async () => {
    await served?.stop();
    await model?.stop();
  });

  const post = async (path: string, body: object) => {
    now += 60_000;
    const answer = await served.post(path, body);
    expect({ path, body: answer.body, ok: answer.status < 300 }).toMatchObject({ ok: true });
    now += 60_000;
    await model.projected(BigInt(answer.body.position));
    return answer.body;
  };

  it.each([
    [
      'dialogue-sessions',
      'log',
      'dialogue',
      {
        ...{ title: 'Talks', format: 'staff-talks', date: '2024-03-17', minutes: { summary: 'Agreed.' } },
        followUps: [{ text: 'Draft the plan', owner: 'Academy', dueOn: '2024-05' }],
      },
    ],
    [
      'documents',
      '',
      'documents',
      {
        ...{ type: 'ipap', title: 'Plan', milestones: [{ milestone: 'agreed', on: '2024-05' }] },
        cycles: [{ from: '2024', to: '2025', status: 'active' }],
      },
    ],
    [
      'contributions',
      '',
      'contributions',
      {
        ...{ operation: 'ISAF', kind: 'personnel', unit: 'persons' },
        segments: [{ from: '2024-02', to: '2024-11', value: 22 }],
      },
    ],
  ])(
    'is in the list of %s and in the report as before once it is reinstated',
    async (list, begin, part, data) => {
      const shown = async () => {
        const [listed, report] = [await served.get(`/${list}`), await served.get('/reports/annual/2024')];
        expect([listed.status, report.status]).toEqual([200, 200]);
        return { listed: listed.body.items as object[], reported: report.body[part] };
      };
      const nothing = await shown();
      const { id } = await post(`/${list}${begin && `/${begin}`}`, data);
      const whole = await shown();
      expect(whole.listed).toMatchObject([{ id }]);
      expect(whole.reported).not.toEqual(nothing.reported);
      const reason = 'entered twice';
      await post(`/${list}/${id}/withdraw`, { reason });
      expect(await shown()).toEqual(nothing);
      await post(`/${list}/${id}/reinstate`, { reason });
      expect(await shown()).toEqual(whole);
    },
  );
});
