import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AskedBy, NamesAsker } from '#http';
import { uuid, type Actor } from '#shared-kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Verifications, type VerificationStatus } from '../verification/verifications.js';

@ApiTags('Audit')
@Controller('audit/verifications')
export class VerificationsController {
  constructor(private readonly verifications: Verifications) {}

  @Post()
  @NamesAsker()
  @ApiOperation({
    summary: 'Check every event, edition and row of the read models; Location says how far it is',
  })
  @ApiResponse({ status: 202, description: 'It runs' })
  @ApiResponse({ status: 401, description: 'No X-Actor' })
  @ApiResponse({ status: 409, description: 'One is running' })
  async start(
    @AskedBy() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerificationStatus> {
    const id = await this.verifications.start(actor);
    void reply.status(202).header('Location', `${reply.request.url.split('?')[0]}/${id}`);
    return this.verifications.read(id);
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a verification is, and what it found' })
  @ApiResponse({
    status: 200,
    description:
      'Its state: running, done with its result, failed with its error, or lost with the process that ran it',
  })
  @ApiResponse({ status: 404, description: 'There is no such verification' })
  read(
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: z.strictObject({}) }) _: object,
  ): Promise<VerificationStatus> {
    return this.verifications.read(id);
  }
}
