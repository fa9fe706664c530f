import { applyDecorators, Body, Controller, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CommandRequest } from '#event-sourcing';
import { commandAnswer, CommandHeaders, CommandRoute, type CommandAnswer } from '#http';
import { uuid } from '#shared-kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { partId } from '../commands/activity-ids.js';
import { ChangeActivity } from '../commands/change-activity.js';
import { LogActivity } from '../commands/log-activity.js';
import { PlanActivity } from '../commands/plan-activity.js';
import { activityCommandSchemas, type ActivityCommandData } from '../domain/commands.js';
import type { ActivityChangeType } from '../domain/transitions.js';
import {
  activityChangeRoutes,
  type ActivityChangeRoute,
  type PartIdField,
} from './activity-change-routes.js';

/** Every POST on activities. The commands on one activity are the lines of `activityChangeRoutes`. */
@ApiTags('Activities')
@Controller('activities')
export class ActivityCommandsController {
  constructor(readonly commands: CommandBus) {}

  @Post()
  @CommandRoute(true)
  @ApiOperation({ summary: 'Plan an activity' })
  async plan(
    @Body({ schema: activityCommandSchemas.plan }) data: ActivityCommandData<'plan'>,
    @CommandHeaders() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    const outcome = await this.commands.execute(new PlanActivity(data, request));
    return commandAnswer(reply, outcome, locationOf(outcome.id, reply));
  }

  @Post('log')
  @CommandRoute(true)
  @ApiOperation({ summary: 'Log an activity that took place, with who took part and what it cost' })
  async log(
    @Body({ schema: activityCommandSchemas.log }) data: ActivityCommandData<'log'>,
    @CommandHeaders() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    const outcome = await this.commands.execute(new LogActivity(data, request));
    return commandAnswer(reply, outcome, locationOf(outcome.id, reply));
  }
}

type Ids = { readonly id: string } & Readonly<Record<string, string>>;

/** Gives the controller the method of one route, as if it were written out and decorated like `plan`. */
function addRoute({ path, command, summary, names, creates }: ActivityChangeRoute): void {
  const idSchema = z.object({ id: uuid, ...(names && { [names]: uuid }) });
  const { [command]: method } = {
    async [command](
      this: ActivityCommandsController,
      { id, ...partIds }: Ids,
      body: object,
      request: CommandRequest,
      reply: FastifyReply,
    ): Promise<CommandAnswer> {
      // The two schemas together are the command's own.
      const data = { ...body, ...partIds } as ActivityCommandData<ActivityChangeType>;
      const outcome = await this.commands.execute(new ChangeActivity(id, command, data, request));
      if (!creates) return commandAnswer(reply, outcome);
      return { ...commandAnswer(reply, outcome, locationOf(id, reply)), [creates]: partId(request) };
    },
  };
  const { prototype } = ActivityCommandsController;
  const descriptor: PropertyDescriptor = { value: method, writable: true, configurable: true };
  Object.defineProperty(prototype, command, descriptor);
  Param({ schema: idSchema })(prototype, command, 0);
  Body({ schema: bodySchema(command, names) })(prototype, command, 1);
  CommandHeaders()(prototype, command, 2);
  Res({ passthrough: true })(prototype, command, 3);
  Reflect.defineMetadata('design:paramtypes', [Object, Object, Object, Object], prototype, command);
  applyDecorators(
    Post(`:id/${path}`),
    CommandRoute(creates !== undefined, creates),
    ApiOperation({ summary }),
    ApiResponse({ status: 404, description: 'No such activity, or no such part of it' }),
  )(prototype, command, descriptor);
}

activityChangeRoutes.forEach(addRoute);

/** The command's data without what the path says; no body at all is an empty one. */
function bodySchema(command: ActivityChangeType, names?: PartIdField): z.ZodType {
  const schema: z.ZodObject = activityCommandSchemas[command];
  return (names ? schema.omit({ [names]: true } as Record<PartIdField, true>) : schema).prefault({});
}

/** Path of an activity below whatever prefix the composition has set. */
function locationOf(id: string, reply: FastifyReply): string {
  const [collection] = /^.*?\/activities(?=\/|\?|$)/.exec(reply.request.url)!;
  return `${collection}/${id}`;
}
