import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { StreamNotFoundError, type ResolvedEvent } from '@eventstore/db-client';
import { gather, newEvents, newStream, openStore, type OpenStore } from './open-store.js';
import { googleEmpty, identifier, newId, proposed, shared, streams, timestamp, Wire } from './wire.js';

let store: OpenStore;
let wire: Wire;
beforeAll(async () => {
  store = await openStore();
  wire = new Wire(store.connectionString);
});
afterAll(async () => {
  wire.close();
  await store.close();
});

const { BatchAppendReq, BatchAppendResp } = streams;
type Options = streams.BatchAppendReq.Options;

const ANY = (options: Options) => options.setAny(googleEmpty());

/** Fragments of one append; the first one carries the options. */
function append(stream: string, numbers: number[], expect = ANY, correlation = newId()) {
  const options = new BatchAppendReq.Options().setStreamIdentifier(identifier(stream));
  expect(options);
  return numbers.map((number, index) => {
    const event = proposed(BatchAppendReq.ProposedMessage, { data: JSON.stringify({ number }) });
    const fragment = new BatchAppendReq().setCorrelationId(correlation).setProposedMessagesList([event]);
    if (index === 0) fragment.setOptions(options);
    return fragment.setIsFinal(index === numbers.length - 1);
  });
}

async function batch(...fragments: streams.BatchAppendReq[]) {
  const { messages, error } = await wire.call('BatchAppend', ...fragments);
  expect(error).toBeUndefined();
  return messages.map((bytes) => BatchAppendResp.deserializeBinary(bytes));
}

const numbersIn = async (stream: string) =>
  (await gather<ResolvedEvent>(store.client.readStream(stream))).map(
    ({ event }) => (event!.data as { number: number }).number,
  );

/** Code, name and bytes of the error an answer carries. */
function errorOf(response: streams.BatchAppendResp | undefined) {
  const error = response!.getError()!;
  const details = error.getDetails()! as unknown as { getTypeName(): string; getValue_asU8(): Uint8Array };
  return { code: error.getCode(), type: details.getTypeName(), bytes: details.getValue_asU8() };
}

describe('BatchAppend', () => {
  it('puts the fragments of each append together, though two mix', async () => {
    const [one, two] = [newStream(), newStream()];
    const [a, b] = [append(one, [1, 2, 3]), append(two, [4, 5, 6])];
    const answers = await batch(a[0]!, b[0]!, b[1]!, a[1]!, b[2]!, a[2]!);
    expect(new Set(answers.map((answer) => answer.getCorrelationId()!.getString()))).toEqual(
      new Set([a, b].map(([first]) => first!.getCorrelationId()!.getString())),
    );
    for (const answer of answers) {
      expect(answer.getSuccess()!.getCurrentRevision()).toBe('2');
      expect(answer.getSuccess()!.hasPosition()).toBe(true);
      expect(answer.hasAny()).toBe(true);
    }
    expect(await numbersIn(one)).toEqual([1, 2, 3]);
    expect(await numbersIn(two)).toEqual([4, 5, 6]);
  });

  it('writes nothing of an append whose last fragment does not come', async () => {
    const stream = newStream();
    expect(await batch(...append(stream, [1, 2, 3]).slice(0, 2))).toEqual([]);
    await expect(gather(store.client.readStream(stream))).rejects.toThrow(StreamNotFoundError);
  });

  it('gives a correlation id back in the form it came in', async () => {
    const structured = new shared.UUID.Structured()
      .setMostSignificantBits('1234567890123456789')
      .setLeastSignificantBits('-987654321');
    const [answer] = await batch(
      ...append(newStream(), [1], ANY, new shared.UUID().setStructured(structured)),
    );
    expect(answer!.getCorrelationId()!.getStructured()!.toObject()).toEqual(structured.toObject());
  });

  it('answers Timeout when the deadline has passed, and writes nothing', async () => {
    const stream = newStream();
    const late = (options: Options) => ANY(options).setDeadline(timestamp(new Date(Date.now() - 1_000)));
    const [answer] = await batch(...append(stream, [1], late));
    expect(errorOf(answer)).toMatchObject({
      code: status.DEADLINE_EXCEEDED,
      type: 'event_store.client.Timeout',
    });
    await expect(gather(store.client.readStream(stream))).rejects.toThrow(StreamNotFoundError);
  });

  it('takes a deadline far ahead', async () => {
    const patient = (options: Options) =>
      ANY(options).setDeadline(timestamp(new Date(Date.now() + 86_400_000)));
    const [answer] = await batch(...append(newStream(), [1], patient));
    expect(answer!.hasSuccess()).toBe(true);
  });

  it.each<[string, (options: Options) => Options, object]>([
    ['a revision', (options) => options.setStreamPosition('7'), { expectedStreamPosition: '7' }],
    ['NoStream', (options) => options.setNoStream(googleEmpty()), { expectedNoStream: {} }],
  ])('answers WrongExpectedVersion with all its fields: %s', async (_title, expected, fields) => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(2));
    const [answer] = await batch(...append(stream, [1], expected));
    const { code, type, bytes } = errorOf(answer);
    expect({ code, type }).toEqual({
      code: status.ALREADY_EXISTS,
      type: 'event_store.client.WrongExpectedVersion',
    });
    expect(shared.WrongExpectedVersion.deserializeBinary(bytes).toObject()).toMatchObject({
      currentStreamRevision: '1',
      ...fields,
    });
    expect(Buffer.from(answer!.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(stream);
  });

  it('answers WrongExpectedVersion of a stream that is not there', async () => {
    const exists = (options: Options) => options.setStreamExists(googleEmpty());
    const { code, bytes } = errorOf((await batch(...append(newStream(), [1], exists)))[0]);
    expect(code).toBe(status.ALREADY_EXISTS);
    const wrong = shared.WrongExpectedVersion.deserializeBinary(bytes);
    expect(wrong.hasCurrentNoStream()).toBe(true);
    expect(wrong.hasExpectedStreamExists()).toBe(true);
  });

  it('answers StreamDeleted with the stream', async () => {
    const stream = newStream();
    await store.client.tombstoneStream(stream);
    const { code, type, bytes } = errorOf((await batch(...append(stream, [1])))[0]);
    expect({ code, type }).toEqual({ code: status.NOT_FOUND, type: 'event_store.client.StreamDeleted' });
    const deleted = shared.StreamDeleted.deserializeBinary(bytes);
    expect(Buffer.from(deleted.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(stream);
  });

  it('answers MaximumAppendSizeExceeded for all fragments of an append together, and goes on', async () => {
    const [large, other] = [newStream(), newStream()];
    const fragments = append(large, [1, 2]);
    for (const fragment of fragments)
      fragment.getProposedMessagesList()[0]!.setData(Buffer.from(`"${'x'.repeat(600 * 1024)}"`));
    const answers = await batch(...fragments, ...append(other, [3]));
    const refused = answers.find((answer) => answer.hasError());
    const { code, type, bytes } = errorOf(refused);
    expect({ code, type }).toEqual({
      code: status.INVALID_ARGUMENT,
      type: 'event_store.client.MaximumAppendSizeExceeded',
    });
    expect(shared.MaximumAppendSizeExceeded.deserializeBinary(bytes).getMaxappendsize()).toBe(2 ** 20);
    expect(await numbersIn(other)).toEqual([3]);
    await expect(gather(store.client.readStream(large))).rejects.toThrow(StreamNotFoundError);
  });
});
