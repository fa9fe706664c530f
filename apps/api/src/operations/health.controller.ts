import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ProjectionStatus } from '#event-sourcing';
import type { FastifyReply } from 'fastify';
import { projections as known, ProjectionStatuses } from '#application';

@ApiTags('Operations')
@Controller('health')
export class HealthController {
  constructor(private readonly statuses: ProjectionStatuses) {}

  @Get('live')
  @ApiOperation({ summary: 'The process answers' })
  live() {
    return { status: 'ok' };
  }

  /** 503 when a store does not answer; `degraded` when a projection is paused, so that reads are served but fall behind. */
  @Get('ready')
  @ApiOperation({ summary: 'The stores answer and the projections run' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    let projections: ProjectionStatus[];
    try {
      projections = await this.statuses.read();
    } catch {
      void reply.status(503).header('Retry-After', '2');
      return { status: 'unavailable', projections: [] };
    }
    // One without a row has never been led.
    const running = projections.filter(({ state }) => state === 'running').length === known.length;
    return { status: running ? 'ok' : 'degraded', projections };
  }
}
