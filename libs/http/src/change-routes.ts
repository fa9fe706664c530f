import { applyDecorators, Body, Param, Post, Res } from '@nestjs/common';
import type { Command, CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { partId, type CommandOutcome, type CommandRequest } from '#event-sourcing';
import { uuid } from '#shared-kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { commandAnswer, CommandHeaders, CommandRoute, type CommandAnswer } from './command-headers.js';

/** One command on an aggregate that is there as `POST /<collection>/{id}/<path>`; its body is the command's data. */
export interface ChangeRoute<Type extends string = string> {
  readonly path: string;
  readonly command: Type;
  /** What the page of the API says about it. */
  readonly summary: string;
  /** The field of the data that the path gives instead of the body: the id of a part. */
  readonly names?: string;
  /** The command makes a new part; the answer says its id in this field. */
  readonly creates?: string;
}

/** A controller of a collection, whose commands on one of it come from a list of routes. */
interface CommandsController {
  readonly commands: CommandBus;
}

/**
 * Gives a controller one method a route, as if each were written out and decorated by hand.
 * @param schemas of the data of every command, by the command's name
 * @param toCommand the command for the bus
 */
export function addChangeRoutes<Type extends string>(
  controller: { readonly prototype: CommandsController },
  routes: readonly ChangeRoute<Type>[],
  schemas: Readonly<Record<Type, z.ZodObject>>,
  toCommand: (id: string, type: Type, data: object, request: CommandRequest) => Command<CommandOutcome>,
): void {
  for (const route of routes) addRoute(controller.prototype, route, schemas[route.command], toCommand);
}

function addRoute<Type extends string>(
  prototype: CommandsController,
  { path, command, summary, names, creates }: ChangeRoute<Type>,
  schema: z.ZodObject,
  toCommand: (id: string, type: Type, data: object, request: CommandRequest) => Command<CommandOutcome>,
): void {
  const { [command as string]: method } = {
    async [command as string](
      this: CommandsController,
      { id, ...partIds }: { readonly id: string } & Readonly<Record<string, string>>,
      body: object,
      request: CommandRequest,
      reply: FastifyReply,
    ): Promise<CommandAnswer> {
      // The two schemas together are the command's own.
      const outcome = await this.commands.execute(toCommand(id, command, { ...body, ...partIds }, request));
      if (!creates) return commandAnswer(reply, outcome);
      return { ...commandAnswer(reply, outcome, locationOf(id, reply)), [creates]: partId(request) };
    },
  };
  const idSchema = z.object({ id: uuid, ...(names && { [names]: uuid }) });
  // No body at all is an empty one.
  const bodySchema = (names ? schema.omit({ [names]: true } as never) : schema).prefault({});
  const descriptor: PropertyDescriptor = { value: method, writable: true, configurable: true };
  Object.defineProperty(prototype, command, descriptor);
  Param({ schema: idSchema })(prototype, command, 0);
  Body({ schema: bodySchema })(prototype, command, 1);
  CommandHeaders()(prototype, command, 2);
  Res({ passthrough: true })(prototype, command, 3);
  Reflect.defineMetadata('design:paramtypes', [Object, Object, Object, Object], prototype, command);
  applyDecorators(
    Post(`:id/${path}`),
    CommandRoute(creates !== undefined, creates),
    ApiOperation({ summary }),
    ApiResponse({ status: 404, description: 'It is not there, or has no such part' }),
  )(prototype, command, descriptor);
}

/** Path of one of the collection below whatever prefix the composition has set: the request's own path up to its id. */
export function locationOf(id: string, reply: FastifyReply): string {
  const [path] = reply.request.url.split('?') as [string];
  const at = path.indexOf(`/${id}`);
  const collection = at < 0 ? path.replace(/\/log$/, '') : path.slice(0, at);
  return `${collection}/${id}`;
}
