import { Body, Controller, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CommandRequest } from '#event-sourcing';
import {
  addChangeRoutes,
  commandAnswer,
  CommandHeaders,
  CommandRoute,
  locationOf,
  type CommandAnswer,
} from '#http';
import type { FastifyReply } from 'fastify';
import { ChangeActivity } from '../commands/change-activity.js';
import { LogActivity } from '../commands/log-activity.js';
import { PlanActivity } from '../commands/plan-activity.js';
import { activityCommandSchemas, type ActivityCommandData } from '../domain/commands.js';
import type { ActivityChangeType } from '../domain/transitions.js';
import { activityChangeRoutes } from './activity-change-routes.js';

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

addChangeRoutes(
  ActivityCommandsController,
  activityChangeRoutes,
  activityCommandSchemas,
  (id, type, data, request) =>
    new ChangeActivity(id, type, data as ActivityCommandData<ActivityChangeType>, request),
);
