import { activitiesContext, activityStream, type ActivityEvent } from '#activities';
import { AccessTrail, auditContext, MerkleSeal } from '#auditing';
import { dialogueContext } from '#dialogue';
import { streamPrefixesOf } from '#event-sourcing';
import { AccessLog } from '#http';
import { partnershipContext } from '#partnership';
import { serve, startReadModel, storesOf } from '#testing';
import { reportingContext } from '../context.js';
import { StateSeal } from '../editions/state-seal.js';
import { ReportPolicy } from '../report-policy.js';
import { ReportingModule } from '../reporting.module.js';

const recorded = [activitiesContext, dialogueContext, partnershipContext, reportingContext];
/** Everything that reports are made of. */
export const reportedContexts = [...recorded, auditContext(streamPrefixesOf(recorded))];

/** Reports over HTTP on real stores, with events put straight into them, and a clock, a target and a seal to set. */
export async function startReporting() {
  const model = await startReadModel(...reportedContexts);
  model.startProjectors();
  const clock = { time: '', now: () => new Date(clock.time) };
  const policy = { annualTarget: 20 };
  const seal: StateSeal = new MerkleSeal(model.dataSource, model.caughtUp);
  const provided = () => [
    ...storesOf(model),
    { provide: ReportPolicy, useValue: policy },
    { provide: StateSeal, useValue: seal },
    { provide: AccessLog, useClass: AccessTrail },
  ];
  const served = await serve([ReportingModule], provided(), clock.now);
  return {
    ...model,
    server: served.app.getHttpServer(),
    get: served.get,
    post: served.post,
    clock,
    policy,
    seal,
    /** A second process on the same stores. */
    serveAnother: () => serve([ReportingModule], provided(), clock.now),
    /** Appends to any stream. */
    append: model.record,
    record: (id: string, events: readonly ActivityEvent[], recordedAt: string) =>
      model.record(activityStream(id), events, recordedAt),
    async rebuild(batch: number): Promise<void> {
      await model.rebuild(batch);
      await model.projected();
    },
    async stop(): Promise<void> {
      await served.stop();
      await model.stop();
    },
  };
}

export type Reporting = Awaited<ReturnType<typeof startReporting>>;
