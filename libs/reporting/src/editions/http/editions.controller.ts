import { Body, Controller, Get, Headers, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CommandRequest } from '#event-sourcing';
import {
  AccessLog,
  actorOf,
  answerFormat,
  answerFormats,
  commandAnswer,
  CommandHeaders,
  CommandRoute,
  jsonOrCsv,
  logAccess,
  NamesExporter,
  ReadsProjections,
  type CommandAnswer,
} from '#http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { yearSchema } from '../../http/year-parameter.js';
import { reportedProjections } from '../../queries/report-parts.js';
import { RecordAnnualReport } from '../commands/record-annual-report.js';
import {
  annualReportCommandSchemas,
  type AnnualReportCommandData,
  type AnnualReportCommandType,
} from '../domain/commands.js';
import { editionCsv } from '../edition-csv.js';
import { EditionQueries, type PublishedReport } from '../queries/edition-queries.js';
import type { EditionItem } from '../queries/find-editions.js';
import type { EditionChanges } from '../queries/read-changes.js';

const year = z.object({ year: yearSchema });
const edition = year.extend({
  edition: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'give the number of an edition, such as 1')
    .transform(Number),
});
const nothing = z.strictObject({});
const formatSchema = z.strictObject({ format: z.enum(answerFormats).optional() });

type Year = z.output<typeof year>;
type EditionOfYear = z.output<typeof edition>;

@ApiTags('Reports')
@Controller('reports/annual/:year')
@ReadsProjections(...reportedProjections)
export class EditionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: EditionQueries,
    private readonly accesses: AccessLog,
  ) {}

  @Post('publish')
  @CommandRoute(true)
  @ApiOperation({ summary: 'Publish the report of a year, as edition 1' })
  @ApiResponse({ status: 503, description: 'The read models have not caught up yet' })
  publish(
    @Param({ schema: year }) { year }: Year,
    @Body({ schema: annualReportCommandSchemas.publish.prefault({}) })
    data: AnnualReportCommandData<'publish'>,
    @CommandHeaders() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.record('publish', year, data, request, reply);
  }

  @Post('amend')
  @CommandRoute(true)
  @ApiOperation({ summary: 'Publish what is known now as a further edition' })
  @ApiResponse({ status: 503, description: 'The read models have not caught up yet' })
  amend(
    @Param({ schema: year }) { year }: Year,
    @Body({ schema: annualReportCommandSchemas.amend }) data: AnnualReportCommandData<'amend'>,
    @CommandHeaders() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.record('amend', year, data, request, reply);
  }

  @Get('editions')
  @ApiOperation({ summary: 'The editions of a year: who published each, when and why' })
  async list(
    @Param({ schema: year }) { year }: Year,
    @Query({ schema: nothing }) _: object,
  ): Promise<{ readonly items: readonly EditionItem[] }> {
    return { items: await this.queries.list(year) };
  }

  @Get('editions/:edition')
  @ApiProduces('application/json', 'text/csv')
  @NamesExporter()
  @ApiOperation({ summary: 'A report as it was published, checked against its SHA-256' })
  @ApiResponse({
    status: 200,
    description: 'The edition and its report; in CSV, which is logged, the report',
  })
  @ApiResponse({ status: 404, description: 'There is no such edition' })
  @ApiResponse({ status: 500, description: 'EditionDoesNotMatch: it does not come out as it was published' })
  async edition(
    @Param({ schema: edition }) { year, edition: number }: EditionOfYear,
    @Query({ schema: formatSchema }) { format }: z.output<typeof formatSchema>,
    @Headers('accept') accept: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PublishedReport | string> {
    const wanted = answerFormat(format, accept);
    const asked = { year, edition: number, format: wanted };
    if (wanted === 'csv') await logAccess(this.accesses, actorOf(request), asked, request, reply);
    const content = await this.queries.edition(year, number);
    return jsonOrCsv(reply, wanted, `report-${year}-edition-${number}`, content, editionCsv);
  }

  @Get('editions/:edition/changes')
  @ApiOperation({ summary: 'What is known otherwise since an edition, and which events say so' })
  changes(
    @Param({ schema: edition }) { year, edition: number }: EditionOfYear,
    @Query({ schema: nothing }) _: object,
  ): Promise<EditionChanges> {
    return this.queries.changes(year, number);
  }

  private async record<Type extends AnnualReportCommandType>(
    type: Type,
    year: number,
    data: AnnualReportCommandData<Type>,
    request: CommandRequest,
    reply: FastifyReply,
  ): Promise<CommandAnswer> {
    const outcome = await this.commands.execute(new RecordAnnualReport(type, data, request, String(year)));
    // Every event of the stream is an edition.
    const path = reply.request.url.split('?')[0]!.replace(/[^/]+$/, `editions/${outcome.revision + 1n}`);
    return commandAnswer(reply, outcome, path);
  }
}
