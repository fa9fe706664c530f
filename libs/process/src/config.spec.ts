import { describe, expect, it } from '@jest/globals';
import { InvalidConfig, readConfig, readConnectedConfig, readStoreConfig } from './config.js';

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({ PATH: '/bin', PORT: '' })).toEqual({
      HOST: '127.0.0.1',
      PORT: 3000,
      DATA_DIR: '.data',
      PARTNER_COUNTRY: 'AZ',
      ANNUAL_TARGET: 200,
      FOUR_EYES: true,
      LOG_LEVEL: 'info',
    });
  });

  it.each([
    ['HOST', '0.0.0.0'],
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['PORT', '3000.5'],
    ['EVENTSTOREDB_URL', 'http://127.0.0.1:2113'],
    ['DATABASE_URL', 'mysql://127.0.0.1/x'],
    ['PARTNER_COUNTRY', 'Azerbaijan'],
    ['PARTNER_COUNTRY', 'XX'],
    ['ANNUAL_TARGET', '-1'],
    ['FOUR_EYES', 'no'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['BOOTSTRAP_TOKEN', 'short'],
    ['OIDC_ISSUER', 'login'],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`${name}: `));
  });

  it('names every fault at once, and repeats no value: some are secret', () => {
    const faults = { PORT: 'x', DATABASE_URL: 'mysql://user:hunter2@127.0.0.1/x' };
    expect(() => readConfig(faults)).toThrow(/PORT: [^]*DATABASE_URL: /);
    expect(() => readConfig(faults)).not.toThrow(/hunter2/);
  });

  it('asks the event store for its own settings only', () => {
    expect(readStoreConfig({ PORT: 'abc', DATA_DIR: 'here' })).toEqual({
      DATA_DIR: 'here',
      LOG_LEVEL: 'info',
    });
    expect(() => readStoreConfig({ LOG_LEVEL: 'loud' })).toThrow(InvalidConfig);
  });

  it('asks a process without stores of its own for both', () => {
    expect(() => readConnectedConfig({ DATABASE_URL: 'postgresql://127.0.0.1/x' })).toThrow(InvalidConfig);
  });
});
