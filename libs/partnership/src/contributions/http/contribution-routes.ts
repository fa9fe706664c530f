import type { BeginRoute, ChangeRoute } from '#aggregates';
import type { ContributionCommandType } from '../domain/commands.js';

export const contributionBeginRoutes: readonly BeginRoute<ContributionCommandType>[] = [
  { path: '', command: 'record', summary: 'Record a contribution, with its segments' },
];

/** Every command on a contribution that is there. */
export const contributionChangeRoutes: readonly ChangeRoute<ContributionCommandType>[] = [
  { path: 'amend', command: 'amend', summary: 'Change what describes it; null takes a field back' },
  { path: 'withdraw', command: 'withdraw', summary: 'Withdraw a contribution that was recorded by mistake' },
  {
    path: 'reinstate',
    command: 'reinstate',
    summary: 'Take its withdrawal back: it is again what it was before',
  },
  {
    path: 'segments',
    command: 'add-segment',
    summary: 'Add how much there was from when to when',
    creates: 'segmentId',
  },
  {
    path: 'segments/:segmentId/correct',
    command: 'correct-segment',
    summary: 'Replace a segment by what is right',
    names: 'segmentId',
  },
  {
    path: 'segments/:segmentId/end',
    command: 'end-segment',
    summary: 'Say when an open segment ended',
    names: 'segmentId',
  },
  {
    path: 'segments/:segmentId/withdraw',
    command: 'withdraw-segment',
    summary: 'Withdraw a segment',
    names: 'segmentId',
  },
];
