import { describe, expect, it } from '@jest/globals';
import { changesBetween } from './changes.js';

const cost = (costId: string, fields: object = {}) => ({ costId, payer: 'Ally', ...fields });

describe('changesBetween', () => {
  it.each<[promise: string, before: object | undefined, after: object, changes: object[]]>([
    ['says what a first state brings', undefined, { title: 'A' }, [{ field: 'title', to: 'A' }]],
    ['says old and new', { title: 'A' }, { title: 'B' }, [{ field: 'title', from: 'A', to: 'B' }]],
    ['says what is taken back', { quota: 0 }, {}, [{ field: 'quota', from: 0 }]],
    [
      'takes zero and false for values',
      {},
      { a: 0, b: false },
      [
        { field: 'a', to: 0 },
        { field: 'b', to: false },
      ],
    ],
    ['takes undefined and null for none', { a: undefined, b: null, c: 1 }, { c: 1, d: null }, []],
    [
      'names fields of objects by their path',
      { place: { country: 'AZ' } },
      { place: { country: 'BE', city: 'Mons' } },
      [
        { field: 'place.country', from: 'AZ', to: 'BE' },
        { field: 'place.city', to: 'Mons' },
      ],
    ],
    [
      'takes an object that goes leaf by leaf',
      { held: { startsOn: '2026', endsOn: '2027' } },
      {},
      [
        { field: 'held.startsOn', from: '2026' },
        { field: 'held.endsOn', from: '2027' },
      ],
    ],
    [
      'finds parts by their id, wherever they stand',
      { costs: [cost('a'), cost('b')] },
      { costs: [cost('b', { amountMinor: 5 }), cost('a')] },
      [{ field: 'costs.b.amountMinor', to: 5 }],
    ],
    [
      'takes a part that appears or goes leaf by leaf',
      { costs: [cost('a'), cost('c')] },
      { costs: [cost('b'), cost('c')] },
      [
        { field: 'costs.a.payer', from: 'Ally' },
        { field: 'costs.b.payer', to: 'Ally' },
      ],
    ],
    [
      'tells the last part that goes',
      { costs: [cost('a')] },
      { costs: [] },
      [{ field: 'costs.a.payer', from: 'Ally' }],
    ],
    [
      'takes a list of plain values for one field',
      { topics: ['a', 'b'] },
      { topics: ['a', 'c'] },
      [{ field: 'topics', from: ['a', 'b'], to: ['a', 'c'] }],
    ],
    [
      'takes an order of plain values for a change',
      { topics: ['a', 'b'] },
      { topics: ['b', 'a'] },
      [{ field: 'topics', from: ['a', 'b'], to: ['b', 'a'] }],
    ],
    [
      'takes a list of objects without ids for one field',
      { sources: [{ url: 'x' }] },
      { sources: [{ url: 'x' }, { note: 'n' }] },
      [{ field: 'sources', from: [{ url: 'x' }], to: [{ url: 'x' }, { note: 'n' }] }],
    ],
    [
      'takes an empty list for none',
      { topics: [] },
      { topics: ['a'], sources: [] },
      [{ field: 'topics', to: ['a'] }],
    ],
    ['finds equal what is written in another order', { a: [{ x: 1, y: 2 }] }, { a: [{ y: 2, x: 1 }] }, []],
  ])('%s', (_, before, after, changes) => {
    expect(changesBetween(before, after)).toEqual(changes);
  });
});
