import type { Part, Profile } from '../profile/profile.js';
import { compileField, type Field } from './field.js';

/** Compiled rules by the path of the field they give, such as `place.country`. */
export type Fields = readonly (readonly [path: string, field: Field])[];

export interface ProfileFields {
  readonly activity: Fields;
  readonly status?: Field;
  readonly cancel: Fields;
  readonly participation: Fields;
  readonly cost: Fields;
  readonly source: Fields;
  readonly participationRule: Part;
  readonly costRule: Part;
}

export function compileProfile(profile: Profile): ProfileFields {
  const compiled = (rules: Profile['activity']): Fields =>
    Object.entries(rules).map(([path, rule]) => [path, compileField(rule, profile)]);
  return {
    activity: compiled(profile.activity),
    status: profile.status === undefined ? undefined : compileField(profile.status, profile),
    cancel: compiled(profile.cancel),
    participation: compiled(profile.participation.fields),
    cost: compiled(profile.cost.fields),
    source: compiled(profile.source),
    participationRule: profile.participation,
    costRule: profile.cost,
  };
}

/** The field at a path of the data of a `log` or `cancel` command. */
export function fieldAt(fields: ProfileFields, path: readonly PropertyKey[]): Field | undefined {
  const [first = '', , ...rest] = path.map(String);
  const part = { participations: fields.participation, costs: fields.cost, sources: fields.source }[first];
  const wanted = part ? rest.join('.') : path.join('.');
  const named = (name: string) =>
    name === wanted || wanted.startsWith(`${name}.`) || name.startsWith(`${wanted}.`);
  const among = part ?? [...fields.activity, ...fields.cancel];
  return (
    among.find(([name]) => named(name))?.[1] ??
    // What was held on no dates of its own was held on those of the activity.
    (first === 'held' ? fieldAt(fields, path.slice(1)) : undefined)
  );
}
