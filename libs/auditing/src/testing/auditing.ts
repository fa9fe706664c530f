import { activitiesContext } from '#activities';
import { dialogueContext } from '#dialogue';
import {
  beginsWithOne,
  COMMAND_STREAM_PREFIX,
  ReadModels,
  streamPrefixesOf,
  type StoredEvent,
} from '#event-sourcing';
import { AccessLog } from '#http';
import { partnershipContext } from '#partnership';
import { serve, startReadModel, storesOf } from '#testing';
import { jsonEvent } from '@eventstore/db-client';
import { AccessTrail } from '../access/access-trail.js';
import { auditContext } from '../context.js';
import { AuditingModule } from '../auditing.module.js';
import { VerificationWork } from '../verification/verifications.js';
import { Verifier } from '../verification/verifier.js';
import { randomRecord } from './random-record.js';

const recorded = [activitiesContext, dialogueContext, partnershipContext];
export const prefixes = [...streamPrefixesOf(recorded), COMMAND_STREAM_PREFIX];

/** The audit over HTTP on real stores, which know every context's events; no projection runs but the audit's. */
export async function startAuditing() {
  const eventsOnly = recorded.map((context) => ({
    ...context,
    projections: [],
    entities: [],
    migrations: [],
  }));
  const audit = auditContext(streamPrefixesOf(recorded));
  const model = await startReadModel(...eventsOnly, audit);
  model.startProjectors();
  const clock = { now: new Date('2026-11-01T00:00:00.000Z') };
  const readModels = { projections: audit.projections, summaries: [], streamPrefixes: prefixes };
  // In this process; the API has a thread of its own for it.
  const work: VerificationWork = {
    run: (onProgress) => served.app.get(Verifier, { strict: false }).run(onProgress),
  };
  const provided = [
    ...storesOf(model),
    { provide: AccessLog, useClass: AccessTrail },
    { provide: ReadModels, useValue: readModels },
    { provide: VerificationWork, useValue: work },
  ];
  const served = await serve([AuditingModule], provided, () => clock.now);
  const { client } = model.store;
  return {
    ...model,
    ...served,
    clock,
    /** Everything of the application in the store, by a plain read of it. */
    async stored(): Promise<StoredEvent[]> {
      const events: StoredEvent[] = [];
      for (let page; (page = await model.store.readAfter(events.at(-1)?.position ?? -1n, 1_000)).length > 0;)
        events.push(...page);
      return events.filter(({ stream }) => beginsWithOne(stream, prefixes));
    },
    /** An event as another program might write it. */
    async append(stream: string, event: Parameters<typeof jsonEvent>[0]): Promise<void> {
      await client.appendToStream(stream, jsonEvent(event));
    },
    /** Histories of all contexts, interleaved, of several actors at times that mostly rise; and reserved command ids. */
    async recordHistory(seed: number, aggregates: number): Promise<void> {
      for (const { stream, events, recordedAt, actor } of randomRecord(seed, aggregates))
        await model.record(stream, events, recordedAt, actor);
    },
    async stop() {
      await served.stop();
      await model.stop();
    },
  };
}

export type Auditing = Awaited<ReturnType<typeof startAuditing>>;

/** Waits for a condition, looking again after other work had its turn. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate);
}
