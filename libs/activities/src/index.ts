export { ActivitiesModule, ActivityCommandsModule } from './activities.module.js';
export { activityAggregate } from './commands/activity-aggregate.js';
export { activitiesContext } from './context.js';
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
export { activitiesOfGoal, type ActivityOfGoal } from './queries/activities-of-goal.js';
