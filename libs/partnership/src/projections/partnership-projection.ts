import type { Projection, RecordedEvent } from '#event-sourcing';
import { contributionRows } from './contribution-rows.js';
import { documentRows } from './document-rows.js';
import { goalRows } from './goal-rows.js';
import type { StreamRows } from './stream-rows.js';
import {
  assessmentTable,
  contributionTable,
  cycleTable,
  documentTable,
  goalTable,
  milestoneTable,
  segmentTable,
} from './tables.js';

const parts: readonly StreamRows[] = [documentRows, goalRows, contributionRows];

/** Documents with milestones and cycles, goals with assessments, contributions with segments: what lists and reports read. */
export const partnershipProjection: Projection = {
  name: 'partnership',
  version: 1,
  tables: [
    documentTable,
    milestoneTable,
    cycleTable,
    goalTable,
    assessmentTable,
    contributionTable,
    segmentTable,
  ],
  streamPrefixes: parts.map(({ prefix }) => prefix),
  reads: (event) => partOf(event).reads(event),
  apply: (event, rows) => partOf(event).apply(event, rows),
};

function partOf({ stream }: RecordedEvent): StreamRows {
  const part = parts.find(({ prefix }) => stream.startsWith(prefix));
  if (!part) throw new Error(`${stream} is no stream of the partnership`);
  return part;
}
