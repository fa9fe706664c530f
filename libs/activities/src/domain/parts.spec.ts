import { describe, expect, it } from '@jest/globals';
import {
  command,
  COST,
  example,
  exampleData,
  fields,
  fold,
  given,
  happens,
  historyOf,
  newId,
  NOMINATION,
  PARTICIPATION,
  UNKNOWN,
} from './testing/examples.js';

describe('parts', () => {
  it.each([
    ['withdraw-nomination', 'nominationId', 'approved', NOMINATION, 'NominationNotFound'],
    ['correct-participation', 'participationId', 'held', PARTICIPATION, 'ParticipationNotFound'],
    ['withdraw-participation', 'participationId', 'held', PARTICIPATION, 'ParticipationNotFound'],
    ['correct-cost', 'costId', 'held', COST, 'CostNotFound'],
    ['withdraw-cost', 'costId', 'held', COST, 'CostNotFound'],
  ] as const)('%s knows neither a strange %s nor a withdrawn one', (type, field, status, id, code) => {
    const strange = command(type, { ...exampleData[type], [field]: UNKNOWN });
    const { when } = given(...historyOf[status]);
    expect(when(strange)).toMatchObject({ refused: 'state', errors: [{ code }] });
    const withdraw = type.replace('correct', 'withdraw') as 'withdraw-cost';
    const withdrawal = command(withdraw, { [field]: id, reason: 'twice' });
    const history = [...historyOf[status], ...happens(historyOf[status], withdrawal)];
    expect(given(...history).when(example(type))).toMatchObject({ refused: 'state', errors: [{ code }] });
  });

  it('logged with the activity can be corrected later', () => {
    const logged = happens(
      [],
      command('log', { ...fields, participations: [{ total: 1 }, { total: 2 }], costs: [{ payer: 'Host' }] }),
    );
    expect(logged.map(({ type }) => type)).toEqual([
      'ActivityLogged',
      'ParticipationRecorded',
      'ParticipationRecorded',
      'CostRecorded',
    ]);
    expect(fold(logged)).toMatchObject({
      status: 'held',
      participations: [newId(0), newId(1)],
      costs: [newId(2)],
    });
  });
});
