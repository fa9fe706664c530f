import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { EventRegistry, UnreadableEvent } from './event-registry.js';

const definitions = {
  Renamed: {
    version: 3,
    schema: z.strictObject({ name: z.string(), language: z.string() }),
    upcasters: {
      1: (data: { title: string }) => ({ name: data.title }),
      2: (data: { name: string }) => ({ ...data, language: 'en' }),
    },
  },
};

describe('EventRegistry', () => {
  const registry = new EventRegistry(definitions);

  it('brings data of any older version to the newest, one step at a time', () => {
    const newest = { name: 'Regional seminar', language: 'en' };
    expect(registry.upcast('Renamed', 1, { title: 'Regional seminar' })).toEqual(newest);
    expect(registry.upcast('Renamed', 2, { name: 'Regional seminar' })).toEqual(newest);
    expect(registry.upcast('Renamed', 3, newest)).toBe(newest);
  });

  it('refuses types and versions it does not know, instead of guessing', () => {
    expect(() => registry.upcast('Renamed', 4, {})).toThrow(UnreadableEvent);
    expect(() => registry.upcast('Renamed', Number.NaN, {})).toThrow(UnreadableEvent);
    expect(() => registry.upcast('Dropped', 1, {})).toThrow('the event type Dropped is unknown');
  });

  it('writes only what the newest schema allows', () => {
    expect(() => registry.validate({ type: 'Renamed', data: { name: 'x', extra: 1 } })).toThrow(z.ZodError);
  });

  it('finds a missing upcaster and a type defined twice when the program starts', () => {
    expect(() => new EventRegistry({ Renamed: { ...definitions.Renamed, upcasters: {} } })).toThrow(
      'Renamed lacks an upcaster from version 1',
    );
    expect(() => new EventRegistry(definitions, definitions)).toThrow(
      'two contexts define the event Renamed',
    );
  });
});
