import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandMessage } from '#aggregates';
import { carryOut, CommandExecutor, type CommandOutcome } from '#event-sourcing';
import { awaitCaughtUp, CaughtUp } from '#http';
import { DataSource } from 'typeorm';
import { reportedProjections } from '../../queries/report-parts.js';
import { ReportPolicy } from '../../report-policy.js';
import type {
  AnnualReportCommandData,
  AnnualReportCommandType,
  AskedAnnualReportCommand,
} from '../domain/commands.js';
import { refusalOf } from '../domain/decide.js';
import type { Frozen } from '../domain/events.js';
import { renderReport, reportHash } from '../queries/render-report.js';
import { newestFormat } from '../queries/report-formats.js';
import { StateSeal } from '../state-seal.js';
import { annualReportAggregate } from './annual-report-aggregate.js';

/** Publishes or amends the report of a year: `type` says which, `id` is the year. */
export class RecordAnnualReport<
  Type extends AnnualReportCommandType = AnnualReportCommandType,
> extends CommandMessage<Type, AnnualReportCommandData<Type>> {}

@CommandHandler(RecordAnnualReport)
export class RecordAnnualReportHandler implements ICommandHandler<RecordAnnualReport> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly dataSource: DataSource,
    private readonly caughtUp: CaughtUp,
    private readonly policy: ReportPolicy,
    private readonly stateSeal: StateSeal,
  ) {}

  /**
   * Everything is computed before the one append, so that a crash leaves nothing half-written.
   * @throws Problem 503 when the read model does not catch up in time; what `carryOut` throws
   */
  execute(command: RecordAnnualReport): Promise<CommandOutcome> {
    const { now } = command.request;
    return carryOut(this.executor, annualReportAggregate, command, async (asked, report) => {
      const wanted = asked as AskedAnnualReportCommand;
      return refusalOf(wanted, report, { now }) ?? { ...wanted, frozen: await this.freeze(wanted.id, now) };
    });
  }

  /** The report of a year as everything stored by now makes it, looked at from `now`. */
  private async freeze(year: string, now: string): Promise<Frozen> {
    const position = await this.caughtUp.head();
    await awaitCaughtUp(this.caughtUp, reportedProjections, position);
    const { annualTarget } = this.policy;
    const asOf = { position: String(position), time: now };
    const edition = { year: Number(year), format: newestFormat, asOf, annualTarget };
    const report = await renderReport(this.dataSource, edition);
    const { activities, participation } = report;
    return {
      asOf,
      annualTarget,
      format: newestFormat,
      sha256: reportHash(report),
      seal: await this.stateSeal.seal(position),
      totals: { activities: { ...activities }, participation: { ...participation } },
    };
  }
}
