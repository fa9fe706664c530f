import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { GenerationStatus, ProjectionStatus } from '#event-sourcing';
import type { FastifyReply } from 'fastify';
import { ProjectionStatuses } from '#application';

/** Seconds that a projection which runs may be behind: a projector that is stopped or cut off says nothing itself. */
const BEHIND = 10;

@ApiTags('Operations')
@Controller('health')
export class HealthController {
  constructor(private readonly statuses: ProjectionStatuses) {}

  @Get('live')
  @ApiOperation({ summary: 'The process answers' })
  live() {
    return { status: 'ok' };
  }

  /**
   * 503 when a store does not answer; `degraded` when projections are paused or not led yet, or when a generation that is being
   * made is paused, which `notRunning` names, or when projections are more than BEHIND seconds behind: `behind` names them.
   * Reads are served then, but not of what is newest.
   */
  @Get('ready')
  @ApiOperation({ summary: 'The stores answer and the projections run' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    let projections: ProjectionStatus[];
    try {
      projections = await this.statuses.read();
    } catch {
      void reply.status(503).header('Retry-After', '2');
      return { status: 'unavailable', notRunning: [], behind: [], projections: [] };
    }
    const notRunning = projections
      .flatMap((projection) => [projection, ...projection.generations.filter(isBeingMade)])
      .filter(({ state }) => state !== 'running')
      .map(({ name }) => name);
    const behind = projections.filter(({ lagSeconds }) => lagSeconds > BEHIND).map(({ name }) => name);
    return {
      status: notRunning.length + behind.length === 0 ? 'ok' : 'degraded',
      ...{ notRunning, behind },
      // Probes come often, and need not hear of each error in full.
      projections: projections.map(
        ({ error: _error, skipped: _skipped, generations: _generations, ...standing }) => standing,
      ),
    };
  }
}

const isBeingMade = ({ phase }: GenerationStatus) => phase === 'building';
