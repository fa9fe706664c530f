export { ActivitiesModule, ActivityCommandsModule } from './activities.module.js';
export { ChangeActivity, ChangeActivityHandler } from './commands/change-activity.js';
export { LogActivity, LogActivityHandler } from './commands/log-activity.js';
export { PlanActivity, PlanActivityHandler } from './commands/plan-activity.js';
export {
  activityStatuses,
  type Activity,
  type ActivityDescription,
  type ActivityFact,
  type ActivityStatus,
} from './domain/activity.js';
export * from './domain/commands.js';
export { activityDecider } from './domain/decide.js';
export * from './domain/events.js';
export * from './domain/fields.js';
export { ActivityPolicy } from './domain/policy.js';
export type { ActivityChangeType } from './domain/transitions.js';
export { activitiesProjection } from './projections/activities-projection.js';
export { activitiesEntities, activitiesMigrations } from './read-model/index.js';
