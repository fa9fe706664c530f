import type { Frozen } from '../events.js';

export const frozen: Frozen = {
  asOf: { position: '4711', time: '2026-01-31T12:00:00.000Z' },
  annualTarget: 200,
  format: 1,
  sha256: 'ab'.repeat(32),
  seal: { root: 'cd'.repeat(32), streams: 12 },
  totals: { activities: { total: 3, held: 2 }, participation: { attendances: 41 } },
};
