import type { Fact } from './facts.js';

/** Counts facts by the rules of the report, in the plainest way: what the SQL must come to. Independent of it on purpose. */
export function countFacts(facts: readonly Fact[], from: string, to: string, asOf: string, country?: string) {
  const counted = facts.filter(({ status, fields, held, participations }) => {
    const start = held?.startsOn ?? fields.startsOn;
    const first = `${start}-01-01`.slice(0, 10);
    const last =
      start.length === 4 ? `${start}-12-31` : start.length === 7 ? `${start}-${daysIn(start)}` : start;
    return (
      !['rejected', 'duplicate'].includes(status) &&
      first >= from &&
      last <= to &&
      (!country || participations.some((participation) => participation.country === country))
    );
  });
  const by = (...statuses: string[]) => counted.filter(({ status }) => statuses.includes(status));
  const held = by('held');
  const taken = held.flatMap((fact) =>
    fact.participations
      .filter((participation) => !country || participation.country === country)
      .map((participation) => ({ ...participation, fact, days: days(fact) })),
  );
  const sum = <Item>(items: readonly Item[], of: (item: Item) => number | undefined) =>
    items.reduce((added, item) => added + (of(item) ?? 0), 0);
  const table = (keyOf: (fact: Fact) => string | undefined, none = 'not-recorded') => {
    const rows = new Map<string, { planned: number; held: number; cancelled: number; attendances: number }>();
    for (const fact of counted) {
      const key = keyOf(fact) ?? none;
      const row = rows.get(key) ?? { planned: 0, held: 0, cancelled: 0, attendances: 0 };
      rows.set(key, row);
      if (fact.status === 'proposed' || fact.status === 'approved') row.planned++;
      if (fact.status === 'held') row.held++;
      if (fact.status === 'cancelled') row.cancelled++;
      row.attendances += sum(
        taken.filter((participation) => participation.fact === fact),
        ({ total }) => total,
      );
    }
    return sorted(rows);
  };
  const participationTable = (
    keyOf: (participation: { country: string; institution?: string }) => string | undefined,
  ) => {
    const rows = new Map<string, { planned: number; held: number; cancelled: number; attendances: number }>();
    for (const key of new Set(taken.map((participation) => keyOf(participation) ?? 'not-recorded'))) {
      const those = taken.filter((participation) => (keyOf(participation) ?? 'not-recorded') === key);
      rows.set(key, {
        planned: 0,
        held: new Set(those.map(({ fact }) => fact.id)).size,
        cancelled: 0,
        attendances: sum(those, ({ total }) => total),
      });
    }
    return sorted(rows);
  };
  const costs = new Map<
    string,
    { payer: string; currency: string; amountMinor: number; toBeDetermined: number }
  >();
  for (const { payer, currency = 'not-recorded', amountMinor, status } of counted.flatMap(
    (fact) => fact.costs,
  )) {
    const row = costs.get(payer + currency) ?? { payer, currency, amountMinor: 0, toBeDetermined: 0 };
    costs.set(payer + currency, row);
    if (status === 'known') row.amountMinor += amountMinor!;
    else row.toBeDetermined++;
  }
  return {
    activities: {
      total: counted.length,
      planned: by('proposed', 'approved').length,
      held: held.length,
      cancelled: by('cancelled').length,
      postponed: by('postponed').length,
      notAttended: by('not-attended').length,
      unresolved: by('proposed', 'approved').filter(({ fields: { startsOn, endsOn } }) => {
        const end = endsOn ?? startsOn;
        const last = end.length === 4 ? `${end}-12-31` : end.length === 7 ? `${end}-${daysIn(end)}` : end;
        return last < asOf.slice(0, 10);
      }).length,
    },
    participation: {
      attendances: sum(taken, ({ total }) => total),
      military: sum(taken, ({ military }) => military),
      civilian: sum(taken, ({ civilian }) => civilian),
      categoryNotRecorded: sum(taken, ({ total, military = 0, civilian = 0 }) => total - military - civilian),
      female: sum(taken, ({ female }) => female),
      male: sum(taken, ({ male }) => male),
      genderNotRecorded: sum(taken, ({ total, female = 0, male = 0 }) => total - female - male),
      personDays: sum(taken, ({ total, days }) => total * days),
      countries: new Set(taken.map((participation) => participation.country)).size,
      heldNotRecorded: by('held').filter((fact) => !taken.some((part) => part.fact === fact)).length,
      institutions: new Set(taken.flatMap(({ institution }) => institution ?? [])).size,
    },
    byKind: table(({ fields }) => fields.kind),
    byMonth: table(
      ({ fields, held }) => /^\d{4}-\d\d/.exec(held?.startsOn ?? fields.startsOn)?.[0],
      'not-known',
    ),
    byOrganiser: table(({ fields }) => fields.organiser?.name),
    byProgramme: table(({ fields }) => fields.programme),
    byArea: table(({ fields }) => fields.area),
    byRole: table(({ fields }) => fields.role),
    byVenueCountry: table(({ fields }) => fields.place?.country),
    byCountry: participationTable((participation) => participation.country),
    byInstitution: participationTable(({ institution }) => institution),
    costs: [...costs.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row),
  };
}

function days({ held }: Fact): number {
  if (held?.startsOn.length !== 10 || held.endsOn?.length !== 10) return 0;
  let count = 1;
  for (let day = held.startsOn; day < held.endsOn; count++)
    day = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  return count;
}

function daysIn(month: string): number {
  const day = new Date(`${month}-28T00:00:00Z`);
  while (day.toISOString().startsWith(month)) day.setUTCDate(day.getUTCDate() + 1);
  day.setUTCDate(0);
  return day.getUTCDate();
}

/** Rows by key, what has none last. */
function sorted<Row>(rows: ReadonlyMap<string, Row>) {
  const last = (key: string) => (key.startsWith('not-') ? `￿${key}` : key);
  return [...rows]
    .sort(([one], [other]) => (last(one) < last(other) ? -1 : 1))
    .map(([key, row]) => ({ key, ...row }));
}
