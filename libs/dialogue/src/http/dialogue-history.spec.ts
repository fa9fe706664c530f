import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AggregatesModule } from '#aggregates';
import { idOf, random, serve, startReadModel, storesOf, toldStates, type ReadModel } from '#testing';
import { dialogueContext } from '../context.js';
import { DialogueModule } from '../dialogue.module.js';
import { dialogueStream } from '../domain/events.js';
import { randomHistory } from '../testing/random-history.js';

const SEED = 20_261_202;

describe('the history of a dialogue session', () => {
  let model: ReadModel;
  let served: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    model = await startReadModel(dialogueContext);
    served = await serve([AggregatesModule, DialogueModule], storesOf(model), () => new Date('2026-12-01'));
  });
  afterAll(async () => {
    await served?.stop();
    await model?.stop();
  });

  it(`tells every change of random sessions, and every state by its revision (seed ${SEED})`, async () => {
    const next = random(SEED);
    const types = new Set<string>();
    for (let n = 0; n < 12; n++) {
      const id = idOf(`random ${n}`);
      const events = randomHistory(id, 40, next).flat();
      for (const { type } of events) types.add(type);
      const told = { stream: dialogueStream(id), path: `/dialogue-sessions/${id}`, events };
      for (const { then, byRevision, said, changed } of await toldStates(model, served.get, told)) {
        expect(byRevision).toEqual(then);
        expect(changed).toEqual(said);
      }
    }
    expect([...types].sort()).toEqual(Object.keys(dialogueContext.events).sort());
  }, 120_000);
});
