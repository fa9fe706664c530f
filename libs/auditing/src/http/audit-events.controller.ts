import { Readable } from 'node:stream';
import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { pageLimit } from '#aggregates';
import { AskedBy, invalid, logAccess, NamesAsker } from '#http';
import type { Actor } from '#shared-kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AccessTrail } from '../access/access-trail.js';
import { AuditFeed, type Asked } from '../feed/audit-feed.js';
import { cloudEvent } from '../feed/cloud-event.js';
import { eventFilters } from '../feed/filters.js';
import { lines, page, type Page } from '../feed/forms.js';
import { eventFormat, eventFormats, eventTypes, type EventFormat } from './event-format.js';

const askedSchema = z.strictObject({
  ...eventFilters,
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'give a position such as 4711')
    .optional()
    .meta({ description: 'What follows this position: `nextCursor` of the page before' }),
  limit: pageLimit.optional().meta({ description: '50 unless given; x-ndjson has no limit unless given' }),
  format: z.enum(eventFormats).optional(),
});

const PAGE = 50;

@ApiTags('Audit')
@NamesAsker()
@ApiResponse({ status: 400, description: 'Malformed' })
@ApiResponse({ status: 401, description: 'No X-Actor' })
@ApiResponse({ status: 503, description: 'The index of events is behind, or the access cannot be logged' })
@Controller('audit/events')
export class AuditEventsController {
  constructor(
    private readonly feed: AuditFeed,
    private readonly trail: AccessTrail,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Every event of the record, oldest first, as it is stored' })
  @ApiProduces(...Object.values(eventTypes))
  @ApiResponse({
    status: 200,
    description: 'A page; as x-ndjson all that there is, and a last line with its count',
  })
  async events(
    @AskedBy() actor: Actor,
    @Query({ schema: askedSchema }) { format, ...asked }: z.output<typeof askedSchema>,
    @Headers('accept') accept: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = eventFormat(format, accept);
    if (asked.from && asked.to && Date.parse(asked.from) > Date.parse(asked.to))
      throw invalid([{ path: ['to'], message: `${asked.to} lies before ${asked.from}` }]);
    const logged = logAccess(this.trail, actor, { ...asked, format: wanted }, request, reply);
    void reply.header('Vary', 'Accept').header('Content-Type', `${eventTypes[wanted]}; charset=utf-8`);
    if (wanted === 'ndjson') return this.stream(asked, await logged, reply);
    // Read while it is being logged; sent only when that stands.
    const [sent, { items, next }] = await Promise.all([logged, this.page(asked, wanted)]);
    sent.count = items.length;
    if (next !== null) void reply.header('Link', `<${linkTo(request.url, next)}>; rel="next"`);
    const array = `[${items.join(',')}]`;
    void reply.send(
      wanted === 'cloudevents' ? array : `{"items":${array},"nextCursor":${JSON.stringify(next)}}`,
    );
  }

  private async page(asked: Asked, format: EventFormat): Promise<Page> {
    const limit = asked.limit ?? PAGE;
    const form = format === 'cloudevents' ? cloudEvent : (event: object) => event;
    return page(this.feed.events({ ...asked, limit: limit + 1 }), limit, form);
  }

  private async stream(asked: Asked, sent: { count: number }, reply: FastifyReply): Promise<void> {
    const progress = Object.assign(sent, { lastPosition: null });
    const head = await this.feed.head();
    const batches = lines(this.feed.events(asked, head), (event) => event, progress);
    // What fails at once is still answered as a problem; later the connection is cut.
    const first = await batches.next();
    void reply.send(Readable.from(resumed(first, batches)));
  }
}

/** A generator of which the first value was taken already. */
async function* resumed<Value>(
  first: IteratorResult<Value>,
  rest: AsyncGenerator<Value>,
): AsyncGenerator<Value> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** The same request for what follows a position, relative to the host. */
function linkTo(url: string, after: string): string {
  const [path, search] = url.split('?');
  const parameters = new URLSearchParams(search);
  parameters.set('after', after);
  return `${path}?${parameters}`;
}
