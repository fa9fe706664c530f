import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { RecordKind } from '../records/record-kind.js';
import { recordKinds } from '../records/record-kinds.js';
import { checkProfile, InvalidProfile } from './check-profile.js';
import { profileSchema, type Profile } from './profile.js';

/** No profile of this name is there. */
export class UnknownProfile extends Error {
  override name = 'UnknownProfile';
  constructor(
    readonly profile: string,
    readonly known: readonly string[],
  ) {
    super(`there is no profile "${profile}"; known: ${known.join(', ')}`);
  }
}

/** The folder examples/profiles of the project, from sources and from what is built of them. */
function builtInFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'examples', 'profiles'))) {
    if (folder === dirname(folder)) throw new Error('the folder examples/profiles is missing');
    folder = dirname(folder);
  }
  return join(folder, 'examples', 'profiles');
}

/** Names of the profiles that come with the program. */
export async function builtInProfiles(): Promise<string[]> {
  const files = await readdir(builtInFolder());
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();
}

/**
 * A profile that comes with the program.
 * @throws UnknownProfile, InvalidProfile
 */
export async function loadBuiltInProfile(name: string): Promise<Profile> {
  const known = await builtInProfiles();
  // Only a name of the list becomes part of a path.
  if (!known.includes(name)) throw new UnknownProfile(name, known);
  return readProfile(join(builtInFolder(), `${name}.json`));
}

/**
 * A profile by its name, or from a file: whatever ends in .json or holds a slash.
 * @throws UnknownProfile, InvalidProfile, and the file system's errors
 */
export function loadProfile(nameOrFile: string): Promise<Profile> {
  return /\.json$|[\\/]/.test(nameOrFile) ? readProfile(nameOrFile) : loadBuiltInProfile(nameOrFile);
}

async function readProfile(file: string): Promise<Profile> {
  const text = await readFile(file, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InvalidProfile(file, [`not JSON: ${(error as Error).message}`]);
  }
  return parseProfile(json, file);
}

/**
 * @param kinds of records that it may name
 * @throws InvalidProfile naming every fault with its place
 */
export function parseProfile(
  json: unknown,
  name = 'given',
  kinds: readonly RecordKind[] = recordKinds,
): Profile {
  const result = profileSchema.safeParse(json);
  if (!result.success) {
    throw new InvalidProfile(
      name,
      result.error.issues.flatMap((issue) => placed(issue)),
    );
  }
  const { record, ...rules } = result.data;
  const kind = kinds.find((known) => known.name === record);
  if (!kind) {
    const known = kinds.map((one) => one.name).join(', ');
    throw new InvalidProfile(name, [`record: there are no records "${record}"; there are ${known}`]);
  }
  const profile = { ...rules, kind };
  const faults = checkProfile(profile);
  if (faults.length > 0) throw new InvalidProfile(name, faults);
  return profile;
}

/** Each fault with its place. Of what may be one thing or another, the faults of the one that it was meant as. */
function placed(issue: z.core.$ZodIssue, within: readonly PropertyKey[] = []): string[] {
  const path = [...within, ...issue.path];
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.findLast((branch) =>
      branch.some(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
    );
    if (meant) return meant.flatMap((inner) => placed(inner, path));
  }
  return [`${path.length > 0 ? path.join('.') : 'at the top'}: ${issue.message}`];
}
