import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import {
  ANY,
  NO_STREAM,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AllStreamResolvedEvent,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { gather, newEvents, newStream, openStore, type OpenStore } from './open-store.js';
import { empty, identifier, streams, trailersOf, Wire } from './wire.js';

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

describe('deleting', () => {
  it('answers a position, and can be done again after new events', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(1));
    const { position } = await store.client.deleteStream(stream, { expectedRevision: 0n });
    await store.client.appendToStream(stream, newEvents(1));
    const again = await store.client.deleteStream(stream);
    expect(again.position!.commit).toBeGreaterThan(position!.commit);
  });

  it('takes the expected revision seriously', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(2));
    await expect(store.client.deleteStream(stream, { expectedRevision: 0n })).rejects.toThrow(
      WrongExpectedVersionError,
    );
    await expect(store.client.tombstoneStream(stream, { expectedRevision: 5n })).rejects.toThrow(
      WrongExpectedVersionError,
    );
  });

  it('knows nothing to delete in an unknown stream, which can be tombstoned all the same', async () => {
    const stream = newStream();
    for (const expectedRevision of [ANY, NO_STREAM] as const) {
      const error = await store.client
        .deleteStream(stream, { expectedRevision })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(WrongExpectedVersionError);
      expect(error).toMatchObject({ actualVersion: -1n });
    }
    await store.client.tombstoneStream(stream);
  });

  it('leaves nothing of the metadata but $tb', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(1));
    await store.client.setStreamMetadata(stream, { office: 'Baku', maxCount: 3 });
    await store.client.deleteStream(stream);
    await store.client.appendToStream(stream, newEvents(1));
    const { metadata } = await store.client.getStreamMetadata(stream);
    expect(metadata).toEqual({ truncateBefore: 1 });
  });

  it('is undone by new metadata, which does not bring the old events back', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(2));
    await store.client.deleteStream(stream);
    await store.client.setStreamMetadata(stream, { office: 'Baku' });
    expect(await gather(store.client.readStream(stream))).toEqual([]);
    const { metadata } = await store.client.getStreamMetadata(stream);
    expect(metadata).toEqual({ office: 'Baku', truncateBefore: 2 });
  });

  it('is possible as soon as there is metadata, and again as a stream that is not there', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { office: 'Baku' });
    await store.client.deleteStream(stream);
    await store.client.appendToStream(stream, newEvents(1));
    await store.client.deleteStream(stream);
    await store.client.deleteStream(stream, { expectedRevision: NO_STREAM });
  });

  it.each(['Delete', 'Tombstone'] as const)('says with trailers why not: %s', async (call) => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(3));
    const Request = call === 'Delete' ? streams.DeleteReq : streams.TombstoneReq;
    const options = new Request.Options();
    options.setStreamIdentifier(identifier(stream));
    options.setRevision('1');
    const { error } = await wire.call(call, new Request().setOptions(options as never));
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION });
    expect(trailersOf(error)).toMatchObject({
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': '1',
      'actual-version': '2',
    });
  });

  it.each([
    ['Any', '-2', (options: streams.DeleteReq.Options) => options.setAny(empty())],
    ['StreamExists', '-4', (options: streams.DeleteReq.Options) => options.setStreamExists(empty())],
  ])('of an unknown stream names the number of %s', async (_title, number, expect_) => {
    const options = new streams.DeleteReq.Options().setStreamIdentifier(identifier(newStream()));
    const { error } = await wire.call('Delete', new streams.DeleteReq().setOptions(expect_(options)));
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION });
    expect(trailersOf(error)).toMatchObject({
      exception: 'wrong-expected-version',
      'expected-version': number,
    });
  });

  // A real server takes it, to no use.
  (process.env.EVENTSTOREDB_URL ? it.skip : it).each(['delete', 'tombstone'] as const)(
    'is refused for a metadata stream, and the node goes on: %s',
    async (action) => {
      const stream = newStream();
      await store.client.setStreamMetadata(stream, { office: 'Baku' });
      for (let attempt = 0; attempt < 2; attempt++) {
        await expect(store.client[`${action}Stream`](`$$${stream}`)).rejects.toThrow('a metadata stream');
      }
      await store.client.setStreamMetadata(stream, { office: 'Quba' });
      expect((await store.client.getStreamMetadata(stream)).metadata).toEqual({ office: 'Quba' });
    },
  );

  it('hides the events from the stream and not from $all', async () => {
    const stream = newStream();
    const events = newEvents(2);
    const before = await store.client.appendToStream(newStream(), newEvents(1));
    await store.client.appendToStream(stream, events, { expectedRevision: NO_STREAM });
    await store.client.deleteStream(stream);
    await expect(gather(store.client.readStream(stream))).rejects.toThrow(StreamNotFoundError);
    const all = await gather<AllStreamResolvedEvent>(
      store.client.readAll({ fromPosition: before.position! }),
    );
    const found = all.filter(({ event }) => event!.streamId === stream).map(({ event }) => event!.id);
    expect(found).toEqual(events.map(({ id }) => id));
  });

  it('is written down as $tb in the metadata stream, and undone by the next append', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(2));
    await store.client.deleteStream(stream);
    const written = await wire.read((options) =>
      options.setStream(
        new streams.ReadReq.Options.StreamOptions()
          .setStreamIdentifier(identifier(`$$${stream}`))
          .setStart(empty()),
      ),
    );
    const record = written.found.at(-1)!.getEvent()!.getEvent()!;
    expect(record.getMetadataMap().get('type')).toBe('$metadata');
    expect(Buffer.from(record.getData_asU8()).toString()).toMatch(/"\$tb":\s*9223372036854775807\b/);
    await store.client.appendToStream(stream, newEvents(1), { expectedRevision: 1n });
    expect((await store.client.getStreamMetadata(stream)).metadata).toMatchObject({ truncateBefore: 2 });
    const left = await gather<ResolvedEvent>(store.client.readStream(stream));
    expect(left.map(({ event }) => event!.revision)).toEqual([2n]);
  });
});
