import { refuseRules, refuseState, type Decider, type DecisionContext, type Refusal } from '#shared-kernel';
import type { AnnualReportCommand, AskedAnnualReportCommand } from './commands.js';
import type { AnnualReportEvent } from './events.js';

/** A year's report as far as it is published; undefined: not at all. */
export interface AnnualReport {
  /** Number of the newest edition. */
  readonly edition: number;
}

/** The report of one calendar year and its editions. Commands hold data that their schema has passed. */
export const annualReportDecider: Decider<AnnualReport | undefined, AnnualReportCommand, AnnualReportEvent> =
  {
    initialState: undefined,
    evolve: (_, { data: { edition } }) => ({ edition }),
    decide(command, report, context) {
      const refusal = refusalOf(command, report, context);
      if (refusal) return refusal;
      const content = { ...command.frozen, edition: (report?.edition ?? 0) + 1 };
      return [
        command.type === 'publish'
          ? { type: 'AnnualReportPublished', data: { ...content, ...command.data } }
          : { type: 'AnnualReportAmended', data: { ...content, ...command.data } },
      ];
    },
  };

/** Why a command is refused, whatever its report holds; undefined when it is not. So nothing need be rendered to know. */
export function refusalOf(
  { type, id: year }: Pick<AskedAnnualReportCommand, 'type' | 'id'>,
  report: AnnualReport | undefined,
  { now }: Pick<DecisionContext, 'now'>,
): Refusal | undefined {
  if (type === 'publish' && report) {
    const message = `the report of ${year} is published already, in edition ${report.edition}: use amend, with a reason`;
    return refuseState('AnnualReportPublished', message);
  }
  if (type === 'amend' && !report) {
    return refuseState(
      'AnnualReportNotPublished',
      `the report of ${year} is not published: use publish first`,
    );
  }
  if (year <= now.slice(0, 4)) return undefined;
  return refuseRules([
    {
      code: 'YearNotBegun',
      message: `${year} has not begun; today is ${now.slice(0, 10)}`,
      pointer: '/year',
    },
  ]);
}
