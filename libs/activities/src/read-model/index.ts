import { timelineEntity } from '#postgres';
import { AddGoals1700000001100 } from './add-goals.migration.js';
import { CreateActivities1700000001000 } from './create-activities.migration.js';
import { ActivityEntity, CostEntity, NominationEntity, ParticipationEntity } from './entities.js';
import { IndexActivitiesPositions1700000001200 } from './index-positions.migration.js';

export const activitiesEntities = [
  ActivityEntity,
  ParticipationEntity,
  CostEntity,
  NominationEntity,
  timelineEntity('activities'),
];
export const activitiesMigrations = [
  CreateActivities1700000001000,
  AddGoals1700000001100,
  IndexActivitiesPositions1700000001200,
];
