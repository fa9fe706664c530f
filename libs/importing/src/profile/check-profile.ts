import type { FieldRule, FieldRules, Profile } from './profile.js';

/** A profile that cannot be used; each fault names its place in the file. */
export class InvalidProfile extends Error {
  override name = 'InvalidProfile';
  constructor(
    readonly profile: string,
    readonly faults: readonly string[],
  ) {
    super(`the profile ${profile} cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** What a schema cannot say: columns used are declared, fields are those of the kind of record, regular expressions compile. Answers the faults. */
export function checkProfile(profile: Profile): string[] {
  const faults: string[] = [];
  const known = new Set([...profile.columns.required, ...profile.columns.optional]);
  const column = (name: string, place: string) => {
    if (!known.has(name)) faults.push(`${place}: the column "${name}" is not among the profile's columns`);
  };
  const pattern = (source: string, place: string) => {
    try {
      new RegExp(source, 'iu');
    } catch (error) {
      faults.push(`${place}: ${(error as Error).message}`);
    }
  };
  const field = (rule: FieldRule | string, place: string): void => {
    if (typeof rule === 'string') return column(rule, place);
    const origins = [rule.from, rule.template, rule.value].filter((origin) => origin !== undefined);
    if (origins.length !== 1) faults.push(`${place}: give one of from, template and value`);
    for (const name of [rule.from ?? []].flat()) column(name, `${place}.from`);
    for (const name of placeholders(rule.template ?? '')) column(name, `${place}.template`);
    rule.rules?.forEach(({ match }, index) => pattern(match, `${place}.rules[${index}].match`));
    if (rule.else !== undefined) field(rule.else, `${place}.else`);
  };
  const among = (names: readonly string[], known: readonly string[], place: string, what: string) => {
    for (const name of names) {
      if (known.includes(name)) continue;
      faults.push(`${place}.${name}: there is no such ${what}; there are ${known.join(', ') || 'none'}`);
    }
  };
  const fieldsOf = (rules: FieldRules, known: readonly string[], place: string) => {
    for (const [name, rule] of Object.entries(rules)) {
      if (!known.includes(name.split('.')[0]!)) among([name], known, place, 'field');
      field(rule, `${place}.${name}`);
    }
  };

  profile.repairs.forEach(({ column: repaired, match, ifBlank, set }, index) => {
    for (const name of [repaired, ...ifBlank, ...Object.keys(set)]) column(name, `repairs[${index}]`);
    pattern(match, `repairs[${index}].match`);
  });
  for (const [name, rule] of Object.entries(profile.derive)) {
    field(rule, `derive.${name}`);
    known.add(name);
  }
  profile.leaveOut.forEach(({ where }, index) => {
    for (const [name, condition] of Object.entries(where)) {
      column(name, `leaveOut[${index}].where`);
      if ('match' in condition) pattern(condition.match, `leaveOut[${index}].where.${name}.match`);
    }
  });
  for (const name of profile.group?.flat() ?? []) column(name, 'group');
  for (const name of profile.lineNumbers) column(name, 'lineNumbers');
  if (profile.status !== undefined) field(profile.status, 'status');
  const { kind } = profile;
  const intoParts = Object.values(kind.parts).map(({ into }) => into);
  const own = Object.keys(kind.schema.shape).filter((name) => !intoParts.includes(name));
  fieldsOf(profile.fields, own, 'fields');
  among(profile.firstOf, own, 'firstOf', 'field');
  fieldsOf(profile.cancel, Object.keys(kind.cancel?.shape ?? {}), 'cancel');
  among(Object.keys(profile.parts), Object.keys(kind.parts), 'parts', 'part');
  for (const [name, part] of Object.entries(kind.parts)) {
    const rules = profile.parts[name] ?? [];
    rules.forEach(({ fields, when = [] }, index) => {
      const place = rules.length > 1 ? `parts.${name}[${index}]` : `parts.${name}`;
      fieldsOf(fields, Object.keys(part.schema.shape), `${place}.fields`);
      for (const used of when) column(used, `${place}.when`);
    });
  }
  return faults;
}

/** Names of the columns in a template. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!);
}
