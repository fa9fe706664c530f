import { applyDecorators, Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ProjectionCommands, projectionCommandSchemas as schemas, ProjectionStatuses } from '#application';
import type { ProjectionStatus } from '#event-sourcing';
import { AskedBy, NamesAsker } from '#http';
import type { Actor } from '#shared-kernel';
import { z } from 'zod';

/** A command on one projection, answered with how it stands then. */
function ProjectionCommand(command: keyof typeof schemas, summary: string, status = 200): MethodDecorator {
  return applyDecorators(
    Post(`:name/${command}`),
    HttpCode(status),
    NamesAsker(),
    ApiOperation({ summary }),
    ApiResponse({ status, description: 'Done, or begun where it takes time; how it stands now' }),
    ApiResponse({ status: 400, description: 'Malformed' }),
    ApiResponse({ status: 401, description: 'No X-Actor' }),
    ApiResponse({ status: 404, description: 'There is no such projection or generation' }),
    ApiResponse({ status: 409, description: 'Not possible in the present state' }),
  );
}
const Name = () => Param('name', { schema: z.string() });

@ApiTags('Operations')
@Controller('projections')
export class ProjectionsController {
  constructor(
    private readonly statuses: ProjectionStatuses,
    private readonly commands: ProjectionCommands,
  ) {}

  @Get()
  @ApiOperation({
    summary:
      'How far each read model is behind the event store, what has paused it, which events it leaves out, and its generations',
  })
  async list() {
    return { items: await this.statuses.read(), nextCursor: null };
  }

  @ProjectionCommand('pause', 'Apply nothing more until it is resumed')
  pause(
    @Name() name: string,
    @Body({ schema: schemas.pause.prefault({}) }) body: z.output<typeof schemas.pause>,
    @AskedBy() actor: Actor,
  ): Promise<ProjectionStatus> {
    return this.commands.pause(name, body, actor.id);
  }

  @ProjectionCommand('resume', 'Go on from the checkpoint; the event that paused it is tried again')
  resume(
    @Name() name: string,
    @Body({ schema: schemas.resume.prefault({}) }) _body: object,
    @AskedBy() _actor: Actor,
  ): Promise<ProjectionStatus> {
    return this.commands.resume(name);
  }

  @ProjectionCommand('skip', 'Leave out the event that paused it, until the rows are made anew')
  skip(
    @Name() name: string,
    @Body({ schema: schemas.skip.prefault({} as never) }) body: z.output<typeof schemas.skip>,
    @AskedBy() actor: Actor,
  ): Promise<ProjectionStatus> {
    return this.commands.skip(name, body, actor.id);
  }

  @ProjectionCommand(
    'rebuild',
    'Make its rows anew beside those that serve, and put them in their place',
    202,
  )
  rebuild(
    @Name() name: string,
    @Body({ schema: schemas.rebuild.prefault({}) }) body: z.output<typeof schemas.rebuild>,
    @AskedBy() actor: Actor,
  ): Promise<ProjectionStatus> {
    return this.commands.rebuild(name, body, actor.id);
  }

  @ProjectionCommand('drop-generation', 'Remove a generation, by its own name, that does not serve')
  dropGeneration(
    @Name() name: string,
    @Body({ schema: schemas['drop-generation'].prefault({}) }) _body: object,
    @AskedBy() _actor: Actor,
  ): Promise<ProjectionStatus> {
    return this.commands.dropGeneration(name);
  }
}
