import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, credentials, status, type ServiceError } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { WrongExpectedVersionError } from '@eventstore/db-client';
import { newEvents, newStream, openStore, type OpenStore } from './open-store.js';

let store: OpenStore;
let wire: Client;
beforeAll(async () => {
  store = await openStore();
  wire = new Client(new URL(store.connectionString).host, credentials.createInsecure());
});
afterAll(async () => {
  wire.close();
  await store.close();
});

/** One call as bytes, so that requests no client would make can be made. */
function call(path: string, request: { serializeBinary(): Uint8Array }): Promise<ServiceError | undefined> {
  return new Promise((resolve) => {
    const stream = wire.makeServerStreamRequest(
      path,
      () => Buffer.from(request.serializeBinary()),
      (bytes) => bytes,
      request,
    );
    stream.on('data', () => undefined);
    stream.on('error', (error) => resolve(error as ServiceError));
    stream.on('end', () => resolve(undefined));
  });
}

function readRequest(change: (options: streams.ReadReq.Options) => void): streams.ReadReq {
  const options = new streams.ReadReq.Options()
    .setAll(new streams.ReadReq.Options.AllOptions().setStart(new shared.Empty()))
    .setCount('10')
    .setNoFilter(new shared.Empty())
    .setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  change(options);
  return new streams.ReadReq().setOptions(options);
}

describe('the protocol', () => {
  const READ = '/event_store.client.streams.Streams/Read';

  it.each<[string, (options: streams.ReadReq.Options) => void]>([
    ['a read that does not say how it wants ids', (options) => options.clearUuidOption()],
    [
      'a filter on a stream',
      (options) =>
        options
          .setStream(
            new streams.ReadReq.Options.StreamOptions()
              .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from('s')))
              .setStart(new shared.Empty()),
          )
          .setFilter(
            new streams.ReadReq.Options.FilterOptions()
              .setEventType(new streams.ReadReq.Options.FilterOptions.Expression().setPrefixList(['a']))
              .setMax(1)
              .setCheckpointintervalmultiplier(1),
          ),
    ],
    [
      'a subscription backwards',
      (options) =>
        options.setReadDirection(1).setSubscription(new streams.ReadReq.Options.SubscriptionOptions()),
    ],
  ])('refuses %s', async (_title, change) => {
    expect(await call(READ, readRequest(change))).toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('answers UNIMPLEMENTED to what it does not do, and goes on', async () => {
    const path = '/event_store.client.no_such_service.Service/Method';
    expect(
      await call(
        path,
        readRequest(() => undefined),
      ),
    ).toMatchObject({ code: status.UNIMPLEMENTED });
    expect(
      await call(
        READ,
        readRequest(() => undefined),
      ),
    ).toBeUndefined();
  });
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
    await expect(store.client.deleteStream(stream)).rejects.toThrow(WrongExpectedVersionError);
    await store.client.tombstoneStream(stream);
  });

  it('keeps the metadata that was there', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(1));
    await store.client.setStreamMetadata(stream, { office: 'Baku', maxCount: 3 });
    await store.client.deleteStream(stream);
    await store.client.appendToStream(stream, newEvents(1));
    const { metadata } = await store.client.getStreamMetadata(stream);
    expect(metadata).toMatchObject({ office: 'Baku', maxCount: 3, truncateBefore: 1 });
  });
});
