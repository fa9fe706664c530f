import { CreateActivities1700000001000 } from './create-activities.migration.js';
import {
  ActivityEntity,
  CostEntity,
  NominationEntity,
  ParticipationEntity,
  TimelineEntity,
} from './entities.js';

export const activitiesEntities = [
  ActivityEntity,
  ParticipationEntity,
  CostEntity,
  NominationEntity,
  TimelineEntity,
];
export const activitiesMigrations = [CreateActivities1700000001000];
