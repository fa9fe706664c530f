import type { BeginRoute, ChangeRoute } from '#aggregates';
import type { ActivityCommandType } from '../domain/commands.js';
import type { ActivityChangeType } from '../domain/transitions.js';

export const activityBeginRoutes: readonly BeginRoute<ActivityCommandType>[] = [
  { path: '', command: 'plan', summary: 'Plan an activity' },
  {
    path: 'log',
    command: 'log',
    summary: 'Log an activity that took place, with who took part and what it cost',
  },
];

/** Every command on an activity that is there. */
export const activityChangeRoutes: readonly ChangeRoute<ActivityChangeType>[] = [
  { path: 'approve', command: 'approve', summary: 'Approve what someone else proposed' },
  { path: 'reject', command: 'reject', summary: 'Reject a proposed activity' },
  { path: 'amend', command: 'amend', summary: 'Change what describes it; null takes a field back' },
  { path: 'reschedule', command: 'reschedule', summary: 'Give it other dates' },
  { path: 'postpone', command: 'postpone', summary: 'Put it off; it has no dates until rescheduled' },
  { path: 'cancel', command: 'cancel', summary: 'Call it off' },
  { path: 'reinstate', command: 'reinstate', summary: 'Bring it back to the state it was in before' },
  { path: 'hold', command: 'hold', summary: 'Say that it was held; absent dates: as planned' },
  { path: 'not-attended', command: 'not-attended', summary: 'Say that the office took no part' },
  { path: 'mark-duplicate', command: 'mark-duplicate', summary: 'Take it out of every count' },
  { path: 'after-activity-report', command: 'after-activity-report', summary: 'Submit what was learnt' },
  { path: 'nominations', command: 'nominate', summary: 'Nominate participants', creates: 'nominationId' },
  {
    path: 'nominations/:nominationId/withdraw',
    command: 'withdraw-nomination',
    summary: 'Withdraw a nomination',
    names: 'nominationId',
  },
  {
    path: 'participations',
    command: 'record-participation',
    summary: 'Record who took part',
    creates: 'participationId',
  },
  {
    path: 'participations/:participationId/correct',
    command: 'correct-participation',
    summary: 'Replace a participation by what is right',
    names: 'participationId',
  },
  {
    path: 'participations/:participationId/withdraw',
    command: 'withdraw-participation',
    summary: 'Withdraw a participation',
    names: 'participationId',
  },
  { path: 'costs', command: 'record-cost', summary: 'Record a cost', creates: 'costId' },
  {
    path: 'costs/:costId/correct',
    command: 'correct-cost',
    summary: 'Replace a cost by what is right',
    names: 'costId',
  },
  { path: 'costs/:costId/withdraw', command: 'withdraw-cost', summary: 'Withdraw a cost', names: 'costId' },
];
