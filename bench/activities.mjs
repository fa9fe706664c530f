import { randomUUID } from 'node:crypto';
import { uuidv5 } from '#event-sourcing';
import { random } from '#testing';

const NAMES = '3b0f3a5e-7d0e-5f53-9d6b-2f2f2b8f1c11';
const kinds = ['course', 'exercise', 'conference', 'seminar', 'workshop'];
const countries = ['BE', 'DE', 'TR', 'IT', 'US', 'GB', 'PL', 'NO'];
const institutions = Array.from({ length: 40 }, (_, n) => `Institution ${n}`);
/** Appends at once. */
const IN_FLIGHT = 256;
export const FIRST_YEAR = 2005;
export const YEARS = 20;
export const idOf = (n) => uuidv5(`activity ${n}`, NAMES);

/**
 * Records the activities numbered from `first` to before `end`, over twenty years, four events each: logged, with a delegation and
 * a cost, and later corrected. `onDone` is told how many are.
 */
export async function record(store, end, onDone, first = 0) {
  let begun = first;
  let done = 0;
  const write = async () => {
    for (let n = begun++; n < end; n = begun++) {
      await recordOne(store, n, FIRST_YEAR + Math.floor(((n - first) * YEARS) / (end - first)));
      if (++done % 1_000 === 0 || n === end - 1) onDone(done);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, write));
}

async function recordOne(store, n, year) {
  const next = random(n);
  const startsOn = `${year}-${String(1 + next(12)).padStart(2, '0')}-${10 + next(18)}`;
  const stream = `activity-${idOf(n)}`;
  const participation = {
    participationId: uuidv5('participation', idOf(n)),
    ...{ country: 'AZ', institution: institutions[next(40)], total: 5 + next(40), military: next(5) },
  };
  const cost = { costId: uuidv5('cost', idOf(n)), payer: 'NATO', status: 'known', currency: 'EUR' };
  const kind = kinds[next(kinds.length)];
  const first = await append(store, stream, -1n, undefined, `${year}-12-01T00:00:00.000Z`, [
    {
      type: 'ActivityLogged',
      data: {
        ...{
          title: `${kind} ${n}`,
          kind,
          programme: 'ipcp',
          role: 'participant',
          startsOn,
          endsOn: startsOn,
        },
        ...{ organiser: { name: `Organiser ${next(30)}`, kind: 'ally', country: countries[next(8)] } },
        ...{ place: { country: countries[next(8)] }, held: { startsOn, endsOn: startsOn } },
      },
    },
    { type: 'ParticipationRecorded', data: participation },
    { type: 'CostRecorded', data: { ...cost, amountMinor: next(100_000) } },
  ]);
  await append(store, stream, first.revision, first.hash, `${year + 1}-03-01T00:00:00.000Z`, [
    {
      type: 'ParticipationCorrected',
      data: { ...participation, total: 6 + next(40), reason: 'as reported' },
    },
  ]);
}

async function append(store, stream, revision, previousHash, recordedAt, events) {
  const commandId = randomUUID();
  const metadata = {
    ...{ actor: { id: `staff-${commandId.charCodeAt(0) % 7}`, roles: [] }, recordedAt, commandId },
    ...{ commandHash: commandId, $correlationId: commandId, $causationId: commandId },
  };
  return store.append(
    stream,
    revision,
    events.map((event, ordinal) => ({ id: uuidv5(String(ordinal), commandId), event, metadata })),
    previousHash,
  );
}
