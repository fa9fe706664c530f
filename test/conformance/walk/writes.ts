import assert from 'node:assert/strict';
import {
  ANY,
  jsonEvent,
  STREAM_EXISTS,
  type ExpectedRevision,
  type JSONEventData,
  type Position,
} from '@eventstore/db-client';
import { Draw, type Append } from './draw.js';
import type { Ground } from './ground.js';
import type { Proposed, Refused, Written } from './model-event.js';
import { METADATA_TYPE, metastreamOf } from './model-metadata.js';
import { refusalOf, refusalOfAppend, refusalOfDelete } from './refusals.js';

/** The client makes the unary call when an append has credentials of its own. */
const UNARY = { credentials: { username: 'admin', password: 'changeit' } };

/** What a call is to come to. */
interface Wanted {
  readonly answer: Written | Refused;
  /** The refusal as the client throws it. */
  readonly refusal: (refusal: Refused) => object;
  /** How many events there were before. */
  readonly before: number;
}

/** Appends, deletions and metadata, done on both sides, and the answers compared. */
export class Writes {
  private readonly draw: Draw;

  constructor(private readonly ground: Ground) {
    this.draw = new Draw(ground);
  }

  async append(): Promise<void> {
    const isUnary = this.ground.random.chance(30);
    const append = this.draw.append();
    const wanted = this.appendToModel(append, isUnary ? 'unary' : 'batch');
    await this.compare(this.send(append, isUnary ? UNARY : {}), wanted);
  }

  /** Appends on the wire at once, which the node may decide together; it answers them as one after the other. */
  async burst(): Promise<void> {
    const { random, shared } = this.ground;
    // A real server drops the repeat of what it has written and not indexed yet.
    if (shared) return this.append();
    const pairs = Array.from({ length: 2 + random.below(10) }, () => {
      const append = this.draw.append();
      return { append, wanted: this.appendToModel(append, 'in a burst') };
    });
    const answers = pairs.map(({ append }) => this.send(append));
    await Promise.allSettled(answers);
    for (const [index, { append, wanted }] of pairs.entries()) {
      await this.compare(answers[index]!, wanted).catch((error: Error) => {
        throw new Error(`append ${append.what} to ${append.stream}: ${error.message}`, { cause: error });
      });
    }
  }

  async delete(): Promise<void> {
    await this.end('delete');
  }

  async tombstone(): Promise<void> {
    await this.end('tombstone');
  }

  /** As most would set metadata: through the client, which chooses the event's id. */
  async setMetadata(): Promise<void> {
    const { client, model } = this.ground;
    const original = this.ground.stream();
    const stream = metastreamOf(original);
    if (this.draw.isUndecided(stream)) return;
    const [metadata, data] = this.draw.metadata(original);
    const expected = this.draw.expected(stream);
    this.ground.tell(stream, `set metadata ${JSON.stringify(data)}, expected ${expected}`);
    const before = model.all.length;
    const answer = model.append(stream, expected, [{ type: METADATA_TYPE, data }]);
    const refusal = (refused: Refused) => refusalOfAppend(refused, expected);
    const got = client.setStreamMetadata(original, metadata, { expectedRevision: expected });
    await this.compare(got, { answer, refusal, before });
  }

  private appendToModel(append: Append, call: string): Wanted {
    const { model } = this.ground;
    const { what, stream, expected, events } = append;
    this.ground.tell(stream, `append ${what} (${call}), ${events.length} events, expected ${expected}`);
    const before = model.all.length;
    const first = model.last(stream) + 1;
    const answer = model.append(stream, expected, events);
    if (events.length > 0 && model.all.length > before) this.draw.remember({ ...append, first });
    return { answer, refusal: (refused) => refusalOfAppend(refused, expected), before };
  }

  private send({ stream, expected, events }: Append, options = {}): Promise<unknown> {
    const data = events.map((event) => jsonEvent(event as Proposed & JSONEventData));
    return this.ground.client.appendToStream(stream, data, { expectedRevision: expected, ...options });
  }

  private async end(action: 'delete' | 'tombstone'): Promise<void> {
    const { client, model } = this.ground;
    const stream = this.ground.stream();
    const drawn = this.draw.expected(stream);
    // The client knows no StreamExists when it deletes.
    const expectedRevision: ExpectedRevision = drawn === STREAM_EXISTS ? ANY : drawn;
    this.ground.tell(stream, `${action}, expected ${expectedRevision}`);
    const before = model.all.length;
    const answer = model[action](stream, expectedRevision);
    const refusal = (refused: Refused) => refusalOfDelete(refused, expectedRevision);
    await this.compare(client[`${action}Stream`](stream, { expectedRevision }), { answer, refusal, before });
  }

  private async compare(call: Promise<unknown>, { answer, refusal, before }: Wanted): Promise<void> {
    const got = (await call.catch(refusalOf)) as object;
    if ('refused' in answer) return assert.deepEqual(got, refusal(answer));
    if ('refused' in got) assert.deepEqual(got, answer);
    const { nextExpectedRevision, position } = got as { nextExpectedRevision?: bigint; position?: Position };
    // The client reads «no stream» as 0.
    if (nextExpectedRevision !== undefined)
      assert.equal(Number(nextExpectedRevision), Math.max(0, answer.revision), 'next expected revision');
    const { positionOf } = answer;
    const isNew = typeof positionOf === 'object' && positionOf.index >= before;
    this.ground.sightings.answered(positionOf, position, isNew);
  }
}
