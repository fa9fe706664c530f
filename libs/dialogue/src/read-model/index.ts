import { timelineEntity } from '#postgres';
import { CreateDialogue1700000002000 } from './create-dialogue.migration.js';
import { FollowUpEntity, SessionEntity } from './entities.js';

export const dialogueEntities = [SessionEntity, FollowUpEntity, timelineEntity('dialogue')];
export const dialogueMigrations = [CreateDialogue1700000002000];
