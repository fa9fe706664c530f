import type { FieldRules, Part, Profile } from '../profile/profile.js';
import type { RecordPart } from '../records/record-kind.js';
import { compileField, type Field } from './field.js';

/** Compiled rules by the path of the field they give, such as `place.country`. */
export type Fields = readonly (readonly [path: string, field: Field])[];

/** A part as the profile makes it of a line. */
export interface PartFields {
  readonly kind: RecordPart;
  readonly fields: Fields;
  /** The line brings the part if any of these is not blank; without any, every line does. */
  readonly columns: readonly string[];
  readonly otherwise: Part['otherwise'];
}

export interface ProfileFields {
  /** The record's own. */
  readonly own: Fields;
  readonly status?: Field;
  readonly cancel: Fields;
  readonly parts: readonly PartFields[];
}

/** Compiles the rules of a profile that checkProfile has passed. */
export function compileProfile(profile: Profile): ProfileFields {
  const compiled = (rules: FieldRules): Fields =>
    Object.entries(rules).map(([path, rule]) => [path, compileField(rule, profile)]);
  const compiledPart = (name: string, { when, fields: rules, otherwise }: Part): PartFields => {
    const fields = compiled(rules);
    const columns = when ?? fields.flatMap(([, field]) => field.columns);
    return { kind: profile.kind.parts[name]!, fields, columns, otherwise };
  };
  return {
    own: compiled(profile.fields),
    status: profile.status === undefined ? undefined : compileField(profile.status, profile),
    cancel: compiled(profile.cancel),
    parts: Object.entries(profile.parts).flatMap(([name, parts]) =>
      parts.map((part) => compiledPart(name, part)),
    ),
  };
}

/**
 * The field at a path of the record's data, such as ['participations', 0, 'total'], or of its cancellation.
 * @param parts those among which to look: where two give the same array, the first that has such a field is meant
 */
export function fieldAt(
  fields: ProfileFields,
  path: readonly PropertyKey[],
  parts = fields.parts,
): Field | undefined {
  const [first = '', , ...rest] = path.map(String);
  const ofParts = fields.parts.some(({ kind }) => kind.into === first);
  const wanted = ofParts ? rest.join('.') : path.join('.');
  const named = (name: string) =>
    name === wanted || wanted.startsWith(`${name}.`) || name.startsWith(`${wanted}.`);
  const among = ofParts
    ? parts.filter(({ kind }) => kind.into === first).flatMap((part) => part.fields)
    : [...fields.own, ...fields.cancel];
  return (
    among.find(([name]) => named(name))?.[1] ??
    // What was held on no dates of its own was held on those of the record.
    (first === 'held' ? fieldAt(fields, path.slice(1)) : undefined)
  );
}
