import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProjectionStatuses } from '#application';

@ApiTags('Operations')
@Controller('projections')
export class ProjectionsController {
  constructor(private readonly statuses: ProjectionStatuses) {}

  @Get()
  @ApiOperation({ summary: 'How far each read model is behind the event store, in events and in seconds' })
  async list() {
    return { items: await this.statuses.read(), nextCursor: null };
  }
}
