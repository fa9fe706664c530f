import { describe, expect, it } from '@jest/globals';
import { EventRegistry } from '#event-sourcing';
import { goalEventDefinitions } from './events.js';
import { FIRST, OTHER } from './testing/examples.js';

const sources = [{ url: 'https://example.org/', note: 'page 3' }];
const reason = 'misread';
const least = { code: 'G 2713', title: 'Language training', branch: 'general' };
const references = { cycleId: OTHER, proposedOn: '2008' };
const assessment = { assessmentId: FIRST, on: '2009-06', status: 'in-progress', note: 'half of it' };

/** Data of each event as stored, in full and with no more than it must have. */
const examples: Readonly<Record<keyof typeof goalEventDefinitions, readonly object[]>> = {
  GoalProposed: [
    { ...least, documentId: OTHER, ...references, sources },
    { ...least, sources: [] },
  ],
  GoalAmended: [
    { changes: { title: 'Languages', branch: 'land', ...references, sources } },
    { changes: { cycleId: null, proposedOn: null } },
  ],
  GoalAssessed: [assessment, { assessmentId: FIRST, on: '2009', status: 'accepted' }],
  AssessmentCorrected: [{ ...assessment, reason }],
  AssessmentWithdrawn: [{ assessmentId: FIRST, reason }],
};

const registry = new EventRegistry(goalEventDefinitions);

describe('the stored form', () => {
  it.each(Object.entries(examples))('of %s stays as it is', (type, stored) => {
    for (const data of stored) {
      expect(registry.validate({ type, data })).toEqual(data);
      expect({ type, version: registry.versionOf(type), data }).toMatchSnapshot();
    }
  });
});
