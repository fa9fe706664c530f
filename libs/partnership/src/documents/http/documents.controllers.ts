import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { addCommandRoutes, recordQueriesController } from '#aggregates';
import { ReadsProjections } from '#http';
import { partnershipProjection } from '../../projections/partnership-projection.js';
import { RecordDocument } from '../commands/record-document.js';
import { documentCommandSchemas } from '../domain/commands.js';
import { documentList, documentListSchema } from '../queries/document-list.js';
import { documentView } from '../queries/document-view.js';
import { documentBeginRoutes, documentChangeRoutes } from './document-routes.js';

/** Every POST on documents: the lines of document-routes.ts. */
@ApiTags('Documents')
@Controller('documents')
export class DocumentCommandsController {
  constructor(readonly commands: CommandBus) {}
}
addCommandRoutes(DocumentCommandsController, {
  begin: documentBeginRoutes,
  change: documentChangeRoutes,
  schemas: documentCommandSchemas,
  Message: RecordDocument,
});

@ApiTags('Documents')
@Controller('documents')
@ReadsProjections(partnershipProjection.name)
export class DocumentQueriesController extends recordQueriesController({
  aggregate: 'document',
  view: documentView,
  list: documentList,
  listSchema: documentListSchema,
}) {}
