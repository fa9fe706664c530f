import type { Edition } from '../editions/queries/find-editions.js';
import type { Basis, YearTotals } from '../report.js';
import { difference, NO_TOTALS, type Totals } from '../counts/report-figures.js';

/**
 * The rows of the table of years, oldest first.
 * @param known totals by year, as now known
 * @param editions the newest one of each year that is published
 */
export function yearTotals(
  known: ReadonlyMap<string, Totals>,
  editions: readonly Edition[],
  basis: Basis,
  annualTarget: number,
): YearTotals[] {
  const published = new Map(editions.map((edition) => [String(edition.year), edition]));
  const years = [...new Set([...known.keys(), ...published.keys()])].sort();
  return years.map((year) => {
    const [now, edition] = [known.get(year) ?? NO_TOTALS, published.get(year)];
    const shown = basis === 'as-published' ? edition : undefined;
    const { activities, participation } = shown?.totals ?? now;
    const target = shown?.annualTarget ?? annualTarget;
    return {
      year: Number(year),
      ...activities,
      ...participation,
      target,
      met: activities.held >= target,
      basis: shown ? 'as-published' : 'as-now-known',
      edition: edition?.edition ?? null,
      publishedDiffers: edition !== undefined && differ(now, edition.totals),
    };
  });
}

function differ(now: Totals, then: Totals): boolean {
  const { activities, participation } = difference(now, then);
  return [...Object.values(activities), ...Object.values(participation)].some(Boolean);
}
