import { timelineEntity } from '#postgres';
import { CreateDialogue1700000002000 } from './create-dialogue.migration.js';
import { FollowUpEntity, SessionEntity } from './entities.js';
import { IndexDialoguePositions1700000002200 } from './index-positions.migration.js';

export const dialogueEntities = [SessionEntity, FollowUpEntity, timelineEntity('dialogue')];
export const dialogueMigrations = [CreateDialogue1700000002000, IndexDialoguePositions1700000002200];
