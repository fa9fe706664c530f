import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  answerFormat,
  answerFormats,
  asOfParameters,
  awaitAsOf,
  CaughtUp,
  invalid,
  jsonOrCsv,
  ReadsProjections,
} from '#http';
import { Clock, country, firstDay, lastDay, partialDate, uuid } from '#shared-kernel';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { periodOf } from '../period.js';
import {
  readAnnualReport,
  readAnnualTotals,
  readCycleReport,
  readPeriodReport,
  type ReportRequest,
} from '../queries/read-report.js';
import { reportedProjections } from '../queries/report-parts.js';
import { annualTotalsCsv, reportCsv } from '../report-csv.js';
import { ReportPolicy } from '../report-policy.js';
import { bases, type AnnualTotals, type CycleReport, type Report } from '../report.js';
import { yearSchema } from './year-parameter.js';

const reportSchema = z.strictObject({
  ...asOfParameters,
  country: country
    .optional()
    .meta({ description: 'Only what this country took part in (ISO 3166-1 alpha-2)' }),
  format: z.enum(answerFormats).optional(),
});
const yearsSchema = reportSchema
  .extend({
    basis: z.enum(bases).optional().meta({
      description: 'as-published: a year that is published is shown as in its newest edition',
    }),
  })
  .refine(({ basis, country: of }) => basis !== 'as-published' || of === undefined, {
    path: ['country'],
    message: 'editions are not narrowed by country',
  });
const periodSchema = reportSchema.extend({ from: partialDate, to: partialDate });

type Asked = z.output<typeof reportSchema>;

@ApiTags('Reports')
@ApiProduces('application/json', 'text/csv')
@Controller('reports')
@ReadsProjections(...reportedProjections)
export class ReportsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly caughtUp: CaughtUp,
    private readonly policy: ReportPolicy,
  ) {}

  @Get('annual')
  @ApiOperation({ summary: 'Totals of every year' })
  annual(
    @Query({ schema: yearsSchema }) { basis, ...asked }: z.output<typeof yearsSchema>,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnnualTotals | string> {
    const read = (request: ReportRequest) => readAnnualTotals(this.dataSource, request, basis);
    return this.answer(asked, accept, reply, 'years', read, annualTotalsCsv);
  }

  @Get('annual/:year')
  @ApiOperation({ summary: 'The report of a calendar year' })
  year(
    @Param('year', { schema: yearSchema }) year: number,
    @Query({ schema: reportSchema }) asked: Asked,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Report | string> {
    const read = (request: ReportRequest) => readAnnualReport(this.dataSource, year, request);
    return this.answer(asked, accept, reply, String(year), read, reportCsv);
  }

  @Get('period')
  @ApiOperation({ summary: 'The report of any period' })
  period(
    @Query({ schema: periodSchema }) { from, to, ...asked }: z.output<typeof periodSchema>,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Report | string> {
    const period = periodOf(firstDay(from), lastDay(to));
    if (period.from > period.to) throw invalid([{ path: ['to'], message: `${to} lies before ${from}` }]);
    const read = (request: ReportRequest) => readPeriodReport(this.dataSource, period, request);
    return this.answer(asked, accept, reply, `${period.from}-${period.to}`, read, reportCsv);
  }

  @Get('cycles/:cycleId')
  @ApiOperation({ summary: 'The report of an action-plan cycle, beside the one before it' })
  cycle(
    @Param('cycleId', { schema: uuid }) id: string,
    @Query({ schema: reportSchema }) asked: Asked,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CycleReport | string> {
    const read = (request: ReportRequest) => readCycleReport(this.dataSource, id, request);
    return this.answer(asked, accept, reply, `cycle-${id}`, read, reportCsv);
  }

  private async answer<Content>(
    { format, country: of, asOf, asOfPosition }: Asked,
    accept: string | undefined,
    reply: FastifyReply,
    name: string,
    read: (request: ReportRequest) => Promise<Content>,
    csv: (content: Content) => string,
  ): Promise<Content | string> {
    const wanted = answerFormat(format, accept);
    const state = await awaitAsOf({ asOf, asOfPosition }, reportedProjections, this.clock, this.caughtUp);
    const { annualTarget } = this.policy;
    const content = await read({ ...state, country: of, annualTarget });
    return jsonOrCsv(reply, wanted, `report-${name}`, content, csv);
  }
}
