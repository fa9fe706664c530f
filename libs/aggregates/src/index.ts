export { AggregatesModule } from './aggregates.module.js';
export { CommandMessage } from './commands/command-message.js';
export { addCommandRoutes, type BeginRoute, type ChangeRoute } from './http/command-routes.js';
export { recordQueriesController } from './http/record-queries.controller.js';
export { listSchema, pageLimit, periodParameters, type ListDefinition } from './queries/list-definition.js';
export { known, utc } from './queries/rows.js';
export { viewOf, type View } from './queries/view.js';
