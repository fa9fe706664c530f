import { activityStream } from '#activities';
import { DIALOGUE_STREAM_PREFIX } from '#dialogue';
import { COMMAND_STREAM_PREFIX } from '#event-sourcing';
import type { DomainEvent } from '#shared-kernel';
import { idOf, random } from '#testing';
import { randomHistory as randomActivity } from '../../../activities/src/testing/random-history.js';
import { randomHistory as randomDialogue } from '../../../dialogue/src/testing/random-history.js';
import { randomHistories as randomPartnership } from '../../../partnership/src/testing/random-history.js';

const FIRST_TIME = Date.parse('2026-01-01T00:00:00.000Z');

/** What one command appends. */
export interface Recorded {
  readonly stream: string;
  readonly events: readonly DomainEvent[];
  readonly recordedAt: string;
  readonly actor: string;
}

/** Histories of all contexts, interleaved, of several actors at times that mostly rise; and reserved command ids. */
export function* randomRecord(seed: number, aggregates: number): Generator<Recorded> {
  const next = random(seed);
  const histories = Array.from({ length: aggregates }, (_, index) => {
    const id = idOf(`${seed} ${index}`);
    const partnership = Object.entries(randomPartnership).map(
      ([prefix, history]): [string, DomainEvent[][]] => [`${prefix}${id}`, history(id, 8, next)],
    );
    return [
      [activityStream(id), randomActivity(id, 8, next)],
      [`${DIALOGUE_STREAM_PREFIX}${id}`, randomDialogue(id, 8, next)],
      ...partnership,
      [`${COMMAND_STREAM_PREFIX}${id}`, [[commandIdTaken(activityStream(id))]]],
    ] as [string, DomainEvent[][]][];
  }).flat();
  let time = FIRST_TIME;
  for (let left = histories.filter(([, commands]) => commands.length > 0); left.length > 0;) {
    const [stream, commands] = left[next(left.length)]!;
    const recordedAt = new Date((time += next(60_000) - 5_000)).toISOString();
    yield { stream, events: commands.shift()!, recordedAt, actor: `staff-${1 + next(3)}` };
    left = left.filter(([, { length }]) => length > 0);
  }
}

const commandIdTaken = (stream: string) => ({ type: 'CommandIdTaken', data: { commandHash: '', stream } });
