import { describe, expect, it } from '@jest/globals';
import type { InvalidProfile } from './check-profile.js';
import { builtInProfiles, loadBuiltInProfile, parseProfile, UnknownProfile } from './load-profile.js';

const profile = {
  profileVersion: 1,
  name: 'mine',
  title: 'Mine',
  columns: { required: ['title', 'start'] },
  activity: { title: 'title', startsOn: { from: 'start', as: 'date' } },
};
const faultsOf = (changes: object): string => {
  try {
    parseProfile({ ...profile, ...changes });
    return '';
  } catch (error) {
    return (error as InvalidProfile).message;
  }
};

describe('profiles', () => {
  it('come with the program, each usable', async () => {
    const names = await builtInProfiles();
    expect(names).toEqual(['activities', 'az-courses', 'az-exercises', 'us-fmtr']);
    for (const name of names) expect((await loadBuiltInProfile(name)).name).toBe(name);
    await expect(loadBuiltInProfile('../../package')).rejects.toThrow(UnknownProfile);
  });

  it.each([
    [{ activity: { startsOn: { from: 'start', as: 'datum' } } }, 'activity.startsOn.as: '],
    [{ activity: { startsOn: { from: 'start', wrong: 1 } } }, 'activity.startsOn: Unrecognized key: "wrong"'],
    [{ extra: 1 }, 'at the top: Unrecognized key: "extra"'],
    [{ activity: { titel: 'title' } }, 'activity.titel: there is no such field; there are title, kind'],
    [
      { participation: { fields: { persons: 'title' } } },
      'participation.fields.persons: there is no such field',
    ],
    [{ activity: { title: 'tittle' } }, 'activity.title: the column "tittle" is not among'],
    [
      { activity: { kind: { from: 'title', rules: [{ match: '(', is: 'course' }] } } },
      'activity.kind.rules[0].match: Invalid regular expression',
    ],
  ])('say where they are wrong: %j', (changes, fault) => {
    expect(faultsOf(changes)).toContain(fault);
  });
});
