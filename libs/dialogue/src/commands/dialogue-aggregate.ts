import type { Aggregate } from '#event-sourcing';
import type { DialogueCommand } from '../domain/commands.js';
import { dialogueDecider } from '../domain/decide.js';
import type { Dialogue } from '../domain/dialogue.js';
import type { DialogueEvent } from '../domain/events.js';

export const dialogueAggregate: Aggregate<Dialogue | undefined, DialogueCommand, DialogueEvent> = {
  name: 'dialogue',
  decider: dialogueDecider,
};
