import { text, type CommandsOf } from '#shared-kernel';
import { z } from 'zod';
import type { Frozen } from './events.js';

/** The data of every command on a year's report, by the command's name. */
export const annualReportCommandSchemas = {
  publish: z.strictObject({ note: text(4000).optional() }),
  amend: z.strictObject({ reason: text(4000), note: text(4000).optional() }),
} as const;

export type AnnualReportCommandType = keyof typeof annualReportCommandSchemas;
export type AnnualReportCommandData<Type extends AnnualReportCommandType> = z.output<
  (typeof annualReportCommandSchemas)[Type]
>;
/** A command as it was asked for; the aggregate's id is the year. */
export type AskedAnnualReportCommand = CommandsOf<typeof annualReportCommandSchemas>;
/** With what was computed for it: a decider can neither render a report nor seal the store. */
export type AnnualReportCommand = AskedAnnualReportCommand & { readonly frozen: Frozen };
