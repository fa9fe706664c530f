import { firstDay, isAfter, type PartialDate, type RefusalError } from '#shared-kernel';

/** Rules on dates that several aggregates keep. Each answers what is broken, with the values in it and a JSON pointer. */
type Faults = readonly RefusalError[];

/** What has happened does not lie ahead: the first day that its date can mean has come. `now`: RFC 3339 UTC. */
export function notAheadRule(
  date: PartialDate | undefined,
  now: string,
  code: string,
  pointer: string,
): Faults {
  const today = now.slice(0, 10);
  if (date === undefined || firstDay(date) <= today) return [];
  return [{ code, message: `${date} lies after today, ${today}`, pointer }];
}

/** From not after to. Partial dates count as whatever keeps the rule. */
export function periodRule(
  { from, to }: { readonly from: PartialDate; readonly to?: PartialDate },
  at = '',
): Faults {
  if (to === undefined || !isAfter(from, to)) return [];
  return [
    { code: 'EndBeforeStart', message: `the end ${to} lies before the start ${from}`, pointer: `${at}/to` },
  ];
}
