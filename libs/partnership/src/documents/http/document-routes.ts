import type { BeginRoute, ChangeRoute } from '#aggregates';
import type { DocumentCommandType } from '../domain/commands.js';

export const documentBeginRoutes: readonly BeginRoute<DocumentCommandType>[] = [
  { path: '', command: 'record', summary: 'Record a document, with its milestones and cycles' },
];

/** Every command on a document that is there. */
export const documentChangeRoutes: readonly ChangeRoute<DocumentCommandType>[] = [
  { path: 'amend', command: 'amend', summary: 'Change what describes it; null takes a field back' },
  { path: 'withdraw', command: 'withdraw', summary: 'Withdraw a document that was recorded by mistake' },
  {
    path: 'reinstate',
    command: 'reinstate',
    summary: 'Take its withdrawal back: it is again what it was before',
  },
  {
    path: 'milestones',
    command: 'reach-milestone',
    summary: 'Record a milestone that it reached',
    creates: 'milestoneId',
  },
  {
    path: 'milestones/:milestoneId/correct',
    command: 'correct-milestone',
    summary: 'Replace a milestone by what is right',
    names: 'milestoneId',
  },
  {
    path: 'milestones/:milestoneId/withdraw',
    command: 'withdraw-milestone',
    summary: 'Withdraw a milestone',
    names: 'milestoneId',
  },
  { path: 'cycles', command: 'open-cycle', summary: 'Open a cycle', creates: 'cycleId' },
  {
    path: 'cycles/:cycleId/activate',
    command: 'activate-cycle',
    summary: 'Say that a planned cycle is being worked by',
    names: 'cycleId',
  },
  {
    path: 'cycles/:cycleId/complete',
    command: 'complete-cycle',
    summary: 'Say that an active cycle is done',
    names: 'cycleId',
  },
  {
    path: 'cycles/:cycleId/extend',
    command: 'extend-cycle',
    summary: 'Give a cycle a later end',
    names: 'cycleId',
  },
  {
    path: 'cycles/:cycleId/correct',
    command: 'correct-cycle',
    summary: 'Replace a cycle by what is right; its status stays',
    names: 'cycleId',
  },
  {
    path: 'cycles/:cycleId/withdraw',
    command: 'withdraw-cycle',
    summary: 'Withdraw a cycle',
    names: 'cycleId',
  },
];
