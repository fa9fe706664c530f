import { describe, expect, it } from '@jest/globals';
import { EventRegistry } from '#event-sourcing';
import { annualReportEventDefinitions } from './events.js';
import { frozen } from './testing/examples.js';

/** Data of each event as stored, in full and with no more than it must have. */
const examples: Readonly<Record<keyof typeof annualReportEventDefinitions, readonly object[]>> = {
  AnnualReportPublished: [
    { edition: 1, ...frozen, note: 'for the board' },
    { edition: 1, ...frozen },
  ],
  AnnualReportAmended: [
    { edition: 2, ...frozen, reason: 'recount', note: 'for the board' },
    { edition: 2, ...frozen, reason: 'recount' },
  ],
};

const registry = new EventRegistry(annualReportEventDefinitions);

describe('the stored form', () => {
  it.each(Object.entries(examples))('of %s stays as it is', (type, stored) => {
    for (const data of stored) {
      expect(registry.validate({ type, data })).toEqual(data);
      expect({ type, version: registry.versionOf(type), data }).toMatchSnapshot();
    }
  });
});
