import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { pageLimit } from '#aggregates';
import { AskedBy, logAccess, NamesAsker } from '#http';
import type { Actor } from '#shared-kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { AccessTrail } from '../access/access-trail.js';
import { listAccesses, type AccessPage } from '../access/list-accesses.js';
import { eventFilters } from '../feed/filters.js';

const { actor, from, to } = eventFilters;
const filtersSchema = z.strictObject({
  actor: actor.meta({ description: 'Id of who asked' }),
  from: from.meta({ description: 'Begun at this time or later (RFC 3339)' }),
  to: to.meta({ description: 'Begun before this time (RFC 3339)' }),
  limit: pageLimit.default(50),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'give `nextCursor` of the page before')
    .optional(),
});

@ApiTags('Audit')
@NamesAsker()
@Controller('audit/accesses')
export class AccessesController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly trail: AccessTrail,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who has read exports and feeds, newest first, this request with them' })
  @ApiResponse({ status: 200, description: '{"items":[…],"nextCursor"}' })
  @ApiResponse({ status: 401, description: 'No X-Actor' })
  @ApiResponse({ status: 503, description: 'The access cannot be logged' })
  async list(
    @AskedBy() actor: Actor,
    @Query({ schema: filtersSchema }) filters: z.output<typeof filtersSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessPage> {
    const sent = await logAccess(this.trail, actor, filters, request, reply);
    const page = await listAccesses((sql, parameters) => this.dataSource.query(sql, parameters), filters);
    sent.count = page.items.length;
    return page;
  }
}
