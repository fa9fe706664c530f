export { dialogueAggregate } from './commands/dialogue-aggregate.js';
export { RecordDialogue } from './commands/record-dialogue.js';
export { dialogueContext } from './context.js';
export { DialogueCommandsModule, DialogueModule } from './dialogue.module.js';
export * from './domain/commands.js';
export { dialogueDecider } from './domain/decide.js';
export {
  dialogueStatuses,
  followUpStatuses,
  type Dialogue,
  type DialogueStatus,
  type FollowUp,
  type FollowUpStatus,
} from './domain/dialogue.js';
export * from './domain/events.js';
export * from './domain/fields.js';
export type { DialogueChangeType } from './domain/transitions.js';
export { dialogueProjection } from './projections/dialogue-projection.js';
export { sessionsLeadingTo, type LeadingSession } from './queries/sessions-leading-to.js';
