import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { EventStore, type CommandRequest } from '#event-sourcing';
import {
  CaughtUp,
  commandAnswer,
  CommandHeaders,
  CommandRoute,
  ReadsProjections,
  type CommandAnswer,
} from '#http';
import { awaitAsOf, awaitPosition, readAsOf, type Bound, type Query as Sql } from '#postgres';
import { Clock } from '#shared-kernel';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { reportAnswer, reportFormat, reportFormats } from '../../http/report-format.js';
import { yearSchema } from '../../http/year-parameter.js';
import { reportedProjections } from '../../queries/report-parts.js';
import { headedReportCsv } from '../../report-csv.js';
import type { Report } from '../../report.js';
import { RecordAnnualReport } from '../commands/record-annual-report.js';
import {
  annualReportCommandSchemas,
  type AnnualReportCommandData,
  type AnnualReportCommandType,
} from '../domain/commands.js';
import { editionItem, findEdition, listEditions, type EditionItem } from '../queries/find-editions.js';
import { figureChanges, type EditionChanges } from '../queries/read-changes.js';
import { renderEdition } from '../queries/render-report.js';
import { traceFigures } from '../queries/trace-figures.js';

const year = z.object({ year: yearSchema });
const edition = year.extend({
  edition: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'give the number of an edition, such as 1')
    .transform(Number),
});
const nothing = z.strictObject({});
const formatSchema = z.strictObject({ format: z.enum(reportFormats).optional() });

type Year = z.output<typeof year>;
type EditionOfYear = z.output<typeof edition>;

@ApiTags('Reports')
@Controller('reports/annual/:year')
@ReadsProjections(...reportedProjections)
export class EditionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly dataSource: DataSource,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly caughtUp: CaughtUp,
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
    const editions = await this.read((query, bound) => listEditions(query, bound, year));
    return { items: editions.map(editionItem) };
  }

  @Get('editions/:edition')
  @ApiProduces('application/json', 'text/csv')
  @ApiOperation({ summary: 'A report as it was published, checked against its SHA-256' })
  async edition(
    @Param({ schema: edition }) { year, edition: number }: EditionOfYear,
    @Query({ schema: formatSchema }) { format }: z.output<typeof formatSchema>,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<(EditionItem & { readonly report: Report }) | string> {
    const wanted = reportFormat(format, accept);
    const found = await this.read((query, bound) => findEdition(query, bound, year, number));
    await awaitPosition(BigInt(found.asOf.position), reportedProjections, this.caughtUp);
    const report = await renderEdition(this.dataSource, found);
    return reportAnswer(
      reply,
      wanted,
      `${year}-edition-${number}`,
      { ...editionItem(found), report },
      ({ report: published, ...heading }) => headedReportCsv('edition', heading, published),
    );
  }

  @Get('editions/:edition/changes')
  @ApiOperation({ summary: 'What is known otherwise since an edition, and which events say so' })
  async changes(
    @Param({ schema: edition }) { year, edition: number }: EditionOfYear,
    @Query({ schema: nothing }) _: object,
  ): Promise<EditionChanges> {
    const found = await this.read((query, bound) => findEdition(query, bound, year, number));
    await awaitPosition(BigInt(found.asOf.position), reportedProjections, this.caughtUp);
    const report = await renderEdition(this.dataSource, found);
    const { asOf, trace } = await this.read(async (query, bound) => ({
      asOf: { position: bound.position, time: bound.time },
      trace: await traceFigures(query, bound, found, report),
    }));
    return {
      edition: number,
      year,
      since: found.asOf,
      asOf,
      figures: await figureChanges(this.store, trace),
    };
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

  /** In the present state. */
  private async read<Result>(read: (query: Sql, bound: Bound) => Promise<Result>): Promise<Result> {
    const state = await awaitAsOf({}, reportedProjections, this.clock, this.caughtUp);
    return readAsOf(this.dataSource, reportedProjections, state, this.clock.now(), read);
  }
}
