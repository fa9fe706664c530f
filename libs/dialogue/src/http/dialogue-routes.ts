import type { BeginRoute, ChangeRoute } from '#aggregates';
import type { DialogueCommandType } from '../domain/commands.js';
import type { DialogueChangeType } from '../domain/transitions.js';

export const dialogueBeginRoutes: readonly BeginRoute<DialogueCommandType>[] = [
  { path: '', command: 'schedule', summary: 'Schedule a session' },
  {
    path: 'log',
    command: 'log',
    summary: 'Log a session that took place, with its minutes and what was agreed',
  },
];

/** Every command on a session that is there. */
export const dialogueChangeRoutes: readonly ChangeRoute<DialogueChangeType>[] = [
  {
    path: 'amend',
    command: 'amend',
    summary: 'Change what describes it, its dates too; null takes a field back',
  },
  { path: 'hold', command: 'hold', summary: 'Say that it was held; absent dates: as scheduled' },
  { path: 'cancel', command: 'cancel', summary: 'Call it off' },
  { path: 'minutes', command: 'minutes', summary: 'Record its minutes, or replace them and say why' },
  { path: 'withdraw', command: 'withdraw', summary: 'Take back what was recorded by mistake' },
  {
    path: 'reinstate',
    command: 'reinstate',
    summary: 'Take its withdrawal back: it is again what it was before',
  },
  {
    path: 'follow-ups',
    command: 'agree-follow-up',
    summary: 'Record what was agreed to be done',
    creates: 'followUpId',
  },
  {
    path: 'follow-ups/:followUpId/amend',
    command: 'amend-follow-up',
    summary: 'Change a follow-up; null takes a field back',
    names: 'followUpId',
  },
  {
    path: 'follow-ups/:followUpId/complete',
    command: 'complete-follow-up',
    summary: 'Say that it was done, and by which activity',
    names: 'followUpId',
  },
  {
    path: 'follow-ups/:followUpId/drop',
    command: 'drop-follow-up',
    summary: 'Say that it will not be done',
    names: 'followUpId',
  },
];
