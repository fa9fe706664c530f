import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { asStored } from './as-stored.js';
import { EventRegistry } from './event-registry.js';
import { EventStore } from './event-store.js';

describe('EventStore.recorded', () => {
  const registry = new EventRegistry({ Named: { version: 1, schema: z.strictObject({ name: z.string() }) } });
  const store = EventStore.connect('esdb://127.0.0.1:1?tls=false', registry);
  const stored = (data: string, contentType = 'application/json') =>
    asStored({
      ...{ stream: 'thing-1', revision: 2n, id: 'an id', type: 'Named', contentType },
      ...{ data: Buffer.from(data), metadata: Buffer.from('{"schemaVersion":1}') },
      ...{ created: '17000000000000000', position: { commit: 5n, prepare: 5n } },
    });

  it('gives an event with its data', () => {
    expect(store.recorded(stored('{"name":"x"}'))).toMatchObject({ type: 'Named', data: { name: 'x' } });
  });

  it('refuses data that cannot be read, rather than pass the event over', () => {
    for (const unreadable of [
      stored('{'),
      stored('null'),
      stored('"x"'),
      stored('{}', 'application/octet-stream'),
    ])
      expect(() => store.recorded(unreadable)).toThrow('the data of revision 2 of thing-1 is no JSON object');
  });
});
