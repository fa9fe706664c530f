import { activityCommandSchemas } from '#activities';
import { sourceSchema } from '#shared-kernel';
import type { FieldRule, Profile } from './profile.js';

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

const { participations, costs, ...activityFields } = activityCommandSchemas.log.shape;
/** What a profile may fill in, by the part of it that does. */
const FIELDS = {
  activity: Object.keys(activityFields),
  cancel: Object.keys(activityCommandSchemas.cancel.shape),
  source: Object.keys(sourceSchema.shape),
  participation: Object.keys(participations.unwrap().element.shape),
  cost: Object.keys(costs.unwrap().element.shape),
};

/** What a schema cannot say: columns used are declared, regular expressions compile. Answers the faults. */
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
  const all = (rules: Readonly<Record<string, FieldRule | string>>, place: string) => {
    for (const [name, rule] of Object.entries(rules)) field(rule, `${place}.${name}`);
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
  const fieldsOf = (
    part: keyof typeof FIELDS,
    rules: Readonly<Record<string, FieldRule | string>>,
    place: string,
  ) => {
    for (const name of Object.keys(rules)) {
      const [field] = name.split('.') as [string];
      if (!FIELDS[part].includes(field)) {
        faults.push(`${place}.${name}: there is no such field; there are ${FIELDS[part].join(', ')}`);
      }
    }
    all(rules, place);
  };
  for (const part of ['activity', 'cancel', 'source'] as const) fieldsOf(part, profile[part], part);
  for (const part of ['participation', 'cost'] as const) {
    fieldsOf(part, profile[part].fields, `${part}.fields`);
    for (const name of profile[part].when ?? []) column(name, `${part}.when`);
  }
  return faults;
}

/** Names of the columns in a template. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!);
}
