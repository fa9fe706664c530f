import { describe, expect, it } from '@jest/globals';
import type { InvalidProfile } from './check-profile.js';
import { builtInProfiles, loadBuiltInProfile, parseProfile, UnknownProfile } from './load-profile.js';

const profile = {
  profileVersion: 1,
  name: 'mine',
  title: 'Mine',
  columns: { required: ['title', 'start'] },
  fields: { title: 'title', startsOn: { from: 'start', as: 'date' } },
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
    expect(names).toEqual([
      'activities',
      'az-annual-stats',
      'az-contributions',
      'az-courses',
      'az-dialogues',
      'az-documents',
      'az-exercises',
      'us-fmtr',
    ]);
    for (const name of names) expect((await loadBuiltInProfile(name)).name).toBe(name);
    await expect(loadBuiltInProfile('../../package')).rejects.toThrow(UnknownProfile);
  });

  it.each([
    [{ fields: { startsOn: { from: 'start', as: 'datum' } } }, 'fields.startsOn.as: '],
    [{ fields: { startsOn: { from: 'start', wrong: 1 } } }, 'fields.startsOn: Unrecognized key: "wrong"'],
    [{ extra: 1 }, 'at the top: Unrecognized key: "extra"'],
    [{ fields: { titel: 'title' } }, 'fields.titel: there is no such field; there are title, kind'],
    [
      { parts: { participation: { fields: { persons: 'title' } } } },
      'parts.participation.fields.persons: there is no such field',
    ],
    [{ fields: { title: 'tittle' } }, 'fields.title: the column "tittle" is not among'],
    [
      { fields: { kind: { from: 'title', rules: [{ match: '(', is: 'course' }] } } },
      'fields.kind.rules[0].match: Invalid regular expression',
    ],
    [{ record: 'treaty' }, 'record: there are no records "treaty"; there are activity'],
    [{ firstOf: ['titel'] }, 'firstOf.titel: there is no such field; there are title, kind'],
    [
      { parts: { visit: { fields: {} } } },
      'parts.visit: there is no such part; there are participation, cost, source',
    ],
    [{ parts: { cost: { when: [] } } }, 'parts.cost.when: '],
    [
      { parts: { cost: [{ fields: {} }, { fields: { payer: 'tittle' } }] } },
      'parts.cost[1].fields.payer: the column "tittle" is not among',
    ],
  ])('say where they are wrong: %j', (changes, fault) => {
    expect(faultsOf(changes)).toContain(fault);
  });
});
