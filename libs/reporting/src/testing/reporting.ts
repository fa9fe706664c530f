import { activitiesContext, activityStream, type ActivityEvent } from '#activities';
import { dialogueContext } from '#dialogue';
import { partnershipContext } from '#partnership';
import { serve, startReadModel, storesOf } from '#testing';
import { ReportPolicy } from '../report-policy.js';
import { ReportingModule } from '../reporting.module.js';

/** Reports over HTTP on real stores, with events put straight into them and a clock to set. */
export async function startReporting() {
  const model = await startReadModel(activitiesContext, dialogueContext, partnershipContext);
  model.startProjectors();
  const clock = { time: '', now: () => new Date(clock.time) };
  const policy = { provide: ReportPolicy, useValue: { annualTarget: 20 } };
  const served = await serve([ReportingModule], [...storesOf(model), policy], clock.now);
  return {
    ...model,
    server: served.app.getHttpServer(),
    clock,
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
