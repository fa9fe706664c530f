import { applyDecorators, Body, Param, Post, Res } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { partId, type CommandRequest } from '#event-sourcing';
import { commandAnswer, CommandHeaders, CommandRoute, type CommandAnswer } from '#http';
import { uuid } from '#shared-kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CommandMessage } from '../commands/command-message.js';

interface Route<Type extends string> {
  readonly path: string;
  readonly command: Type;
  /** What the page of the API says about it. */
  readonly summary: string;
}

/** A command that begins a new aggregate as `POST /<collection>/<path>`; its body is the command's data. */
export type BeginRoute<Type extends string = string> = Route<Type>;

/** One command on an aggregate that is there as `POST /<collection>/{id}/<path>`; its body is the command's data. */
export interface ChangeRoute<Type extends string = string> extends Route<Type> {
  /** The field of the data that the path gives instead of the body: the id of a part. */
  readonly names?: string;
  /** The command makes a new part; the answer says its id in this field. */
  readonly creates?: string;
}

/** A controller of a collection, whose commands come from lists of routes. */
interface CommandsController {
  readonly commands: CommandBus;
}

/** Every command of an aggregate, and how it becomes a message for the bus. */
export interface CommandRoutes<Type extends string> {
  readonly begin: readonly BeginRoute<Type>[];
  readonly change: readonly ChangeRoute<Type>[];
  /** Of the data of every command, by the command's name. */
  readonly schemas: Readonly<Record<Type, z.ZodObject>>;
  readonly Message: new (
    type: Type,
    data: never,
    request: CommandRequest,
    id?: string,
  ) => CommandMessage<Type, object>;
}

/** Gives a controller one method a route, as if each were written out and decorated by hand. */
export function addCommandRoutes<Type extends string>(
  controller: { readonly prototype: CommandsController },
  { begin, change, schemas, Message }: CommandRoutes<Type>,
): void {
  for (const route of begin) addBeginRoute(controller.prototype, route, schemas[route.command], Message);
  for (const route of change) addChangeRoute(controller.prototype, route, schemas[route.command], Message);
}

type MessageClass<Type extends string> = CommandRoutes<Type>['Message'];

function addBeginRoute<Type extends string>(
  prototype: CommandsController,
  { path, command, summary }: BeginRoute<Type>,
  schema: z.ZodObject,
  Message: MessageClass<Type>,
): void {
  const method = async function (
    this: CommandsController,
    body: object,
    request: CommandRequest,
    reply: FastifyReply,
  ): Promise<CommandAnswer> {
    const outcome = await this.commands.execute(new Message(command, body as never, request));
    return commandAnswer(reply, outcome, locationOf(outcome.id, reply));
  };
  const decorators = [Body({ schema }), CommandHeaders(), Res({ passthrough: true })];
  addMethod(prototype, command, method, decorators, [
    Post(path),
    CommandRoute(true),
    ApiOperation({ summary }),
  ]);
}

function addChangeRoute<Type extends string>(
  prototype: CommandsController,
  { path, command, summary, names, creates }: ChangeRoute<Type>,
  schema: z.ZodObject,
  Message: MessageClass<Type>,
): void {
  const method = async function (
    this: CommandsController,
    { id, ...partIds }: { readonly id: string } & Readonly<Record<string, string>>,
    body: object,
    request: CommandRequest,
    reply: FastifyReply,
  ): Promise<CommandAnswer> {
    // The two schemas together are the command's own.
    const data = { ...body, ...partIds } as never;
    const outcome = await this.commands.execute(new Message(command, data, request, id));
    if (!creates) return commandAnswer(reply, outcome);
    return { ...commandAnswer(reply, outcome, locationOf(id, reply)), [creates]: partId(request) };
  };
  const idSchema = z.object({ id: uuid, ...(names && { [names]: uuid }) });
  // No body at all is an empty one.
  const bodySchema = (names ? schema.omit({ [names]: true } as never) : schema).prefault({});
  const decorators = [
    Param({ schema: idSchema }),
    Body({ schema: bodySchema }),
    CommandHeaders(),
    Res({ passthrough: true }),
  ];
  addMethod(prototype, command, method, decorators, [
    Post(`:id/${path}`),
    CommandRoute(creates !== undefined, creates),
    ApiOperation({ summary }),
    ApiResponse({ status: 404, description: 'It is not there, or has no such part' }),
  ]);
}

/** What the compiler does with a decorated method. */
function addMethod(
  prototype: object,
  name: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  value: (...parameters: any[]) => unknown,
  parameters: readonly ParameterDecorator[],
  decorators: readonly MethodDecorator[],
): void {
  const descriptor: PropertyDescriptor = { value, writable: true, configurable: true };
  Object.defineProperty(value, 'name', { value: name });
  Object.defineProperty(prototype, name, descriptor);
  parameters.forEach((decorate, index) => decorate(prototype, name, index));
  Reflect.defineMetadata(
    'design:paramtypes',
    parameters.map(() => Object),
    prototype,
    name,
  );
  applyDecorators(...decorators)(prototype, name, descriptor);
}

/** Path of one of the collection below whatever prefix the composition has set: the request's own path up to its id. */
function locationOf(id: string, reply: FastifyReply): string {
  const [path] = reply.request.url.split('?') as [string];
  const at = path.indexOf(`/${id}`);
  const collection = at < 0 ? path.replace(/\/log$/, '') : path.slice(0, at);
  return `${collection}/${id}`;
}
