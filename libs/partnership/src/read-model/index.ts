import { timelineEntity } from '#postgres';
import { CreatePartnership1700000003000 } from './create-partnership.migration.js';
import {
  AssessmentEntity,
  ContributionEntity,
  CycleEntity,
  DocumentEntity,
  GoalEntity,
  MilestoneEntity,
  SegmentEntity,
} from './entities.js';
import { IndexPartnershipPositions1700000003200 } from './index-positions.migration.js';

export const partnershipEntities = [
  DocumentEntity,
  MilestoneEntity,
  CycleEntity,
  GoalEntity,
  AssessmentEntity,
  ContributionEntity,
  SegmentEntity,
  timelineEntity('partnership'),
];
export const partnershipMigrations = [CreatePartnership1700000003000, IndexPartnershipPositions1700000003200];
