import type { BeginRoute, ChangeRoute } from '#aggregates';
import type { GoalCommandType } from '../domain/commands.js';

export const goalBeginRoutes: readonly BeginRoute<GoalCommandType>[] = [
  { path: '', command: 'propose', summary: 'Propose a goal' },
];

/** Every command on a goal that is there. */
export const goalChangeRoutes: readonly ChangeRoute<GoalCommandType>[] = [
  { path: 'amend', command: 'amend', summary: 'Change what describes it; null takes a field back' },
  { path: 'assessments', command: 'assess', summary: 'Say how far it had come', creates: 'assessmentId' },
  {
    path: 'assessments/:assessmentId/correct',
    command: 'correct-assessment',
    summary: 'Replace an assessment by what is right',
    names: 'assessmentId',
  },
  {
    path: 'assessments/:assessmentId/withdraw',
    command: 'withdraw-assessment',
    summary: 'Withdraw an assessment',
    names: 'assessmentId',
  },
];
