import { decisionsOf } from '../../../testing/decisions.js';
import { documentCommandSchemas, type DocumentCommandType } from '../commands.js';
import { documentDecider } from '../decide.js';
import type { DocumentEvent } from '../events.js';
import type { CycleStatus } from '../fields.js';

export const DOCUMENT = '00000000-0000-4000-8000-000000000001';
/** Parts that the histories bring along. */
export const MILESTONE = '00000000-0000-4000-8000-0000000000a1';
export const CYCLES: Readonly<Record<CycleStatus, string>> = {
  planned: '00000000-0000-4000-8000-0000000000a2',
  active: '00000000-0000-4000-8000-0000000000a3',
  completed: '00000000-0000-4000-8000-0000000000a4',
};

export const document = decisionsOf(documentDecider, documentCommandSchemas, DOCUMENT);

export const fields = { type: 'ipap', title: 'Individual Partnership Action Plan' } as const;
const reason = 'misread';

/** Data with which each command is taken, where the state allows it. */
export const exampleData: Readonly<Record<DocumentCommandType, object>> = {
  record: fields,
  amend: { title: 'Action Plan' },
  withdraw: { reason },
  reinstate: { reason },
  'reach-milestone': { milestone: 'agreed', on: '2005-05-27' },
  'correct-milestone': { milestoneId: MILESTONE, milestone: 'presented', on: '2004-06', reason },
  'withdraw-milestone': { milestoneId: MILESTONE, reason },
  'open-cycle': { from: '2020', to: '2021' },
  'activate-cycle': { cycleId: CYCLES.planned },
  'complete-cycle': { cycleId: CYCLES.active },
  'extend-cycle': { cycleId: CYCLES.planned, to: '2018', reason },
  'correct-cycle': { cycleId: CYCLES.planned, from: '2012', to: '2013', agreedOn: '2011-12', reason },
  'withdraw-cycle': { cycleId: CYCLES.planned, reason },
};

/** A document that was presented, with a cycle in each state: 2005–2007 completed, 2008–2010 active, 2016–2017 planned. */
export const recorded: readonly DocumentEvent[] = [
  { type: 'DocumentRecorded', data: { ...fields, sources: [] } },
  {
    type: 'MilestoneReached',
    data: { milestoneId: MILESTONE, milestone: 'presented', on: '2004-05', sources: [] },
  },
  ...(
    [
      ['completed', '2005', '2007'],
      ['active', '2008', '2010'],
      ['planned', '2016', '2017'],
    ] as const
  ).map(([status, from, to]) => ({
    type: 'CycleOpened' as const,
    data: { cycleId: CYCLES[status], from, to, status, sources: [] },
  })),
];
export const withdrawn: readonly DocumentEvent[] = [
  ...recorded,
  { type: 'DocumentWithdrawn', data: { reason } },
];
