import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import { newEvents, newStream, openStore, type OpenStore } from './open-store.js';
import {
  empty,
  identifier,
  newId,
  proposed,
  readRequest,
  shared,
  streams,
  trailersOf,
  Wire,
} from './wire.js';

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

const { Options } = streams.ReadReq;

function streamOptions(stream: string): streams.ReadReq.Options.StreamOptions {
  return new Options.StreamOptions().setStreamIdentifier(identifier(stream)).setStart(empty());
}

function typeFilter(...prefixes: string[]): streams.ReadReq.Options.FilterOptions {
  return new Options.FilterOptions()
    .setEventType(new Options.FilterOptions.Expression().setPrefixList(prefixes))
    .setMax(32)
    .setCheckpointintervalmultiplier(1);
}

describe('Read', () => {
  it.each<[string, (options: streams.ReadReq.Options) => void]>([
    ['a read that does not say how it wants ids', (options) => options.clearUuidOption()],
    [
      'a filter on a stream',
      (options) => options.setStream(streamOptions(newStream())).setFilter(typeFilter('a')),
    ],
    [
      'a subscription backwards',
      (options) => options.setReadDirection(1).setSubscription(new Options.SubscriptionOptions()),
    ],
  ])('refuses %s', async (_title, change) => {
    expect((await wire.read(change)).error).toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('tells the first and last revision of a stream to who can understand it', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(5));
    await store.client.setStreamMetadata(stream, { truncateBefore: 2 });
    const read = (compatibility: number) =>
      wire.read((options) =>
        options
          .setStream(streamOptions(stream))
          .setControlOption(new Options.ControlOption().setCompatibility(compatibility)),
      );
    const { found } = await read(1);
    expect(found.filter((message) => message.hasEvent())).toHaveLength(3);
    const told = found.filter((message) => !message.hasEvent()).map((message) => message.toObject());
    expect(told).toEqual([
      expect.objectContaining({ firstStreamPosition: '2' }),
      expect.objectContaining({ lastStreamPosition: '4' }),
    ]);
    expect((await read(0)).found.every((message) => message.hasEvent())).toBe(true);
  });

  it('answers stream_not_found and OK for a stream that is not there', async () => {
    const stream = newStream();
    const { found, error } = await wire.read((options) => options.setStream(streamOptions(stream)));
    expect(error).toBeUndefined();
    expect(found).toHaveLength(1);
    const missing = found[0]!.getStreamNotFound()!.getStreamIdentifier()!;
    expect(Buffer.from(missing.getStreamName_asU8()).toString()).toBe(stream);
  });

  it('answers stream-deleted for a tombstoned one', async () => {
    const stream = newStream();
    await store.client.tombstoneStream(stream);
    const { error } = await wire.read((options) => options.setStream(streamOptions(stream)));
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION });
    expect(trailersOf(error)).toMatchObject({ exception: 'stream-deleted', 'stream-name': stream });
  });

  it('gives ids as two numbers to who asks so', async () => {
    const stream = newStream();
    const [event] = newEvents(1);
    await store.client.appendToStream(stream, event!);
    const { found } = await wire.read((options) =>
      options.setStream(streamOptions(stream)).setUuidOption(new Options.UUIDOption().setStructured(empty())),
    );
    const halves = found[0]!.getEvent()!.getEvent()!.getId()!.getStructured()!;
    const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()].map((half) =>
      BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'),
    );
    expect(hex.join('')).toBe(event!.id.replaceAll('-', ''));
  });

  it('says when it was created, in ticks of 100 ns', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(1));
    const { found } = await wire.read((options) => options.setStream(streamOptions(stream)));
    const created = found[0]!.getEvent()!.getEvent()!.getMetadataMap().get('created')!;
    expect(Math.abs(Number(BigInt(created) / 10_000n) - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ['forwards', 0, (numbers: number[]) => numbers.slice(0, 2)],
    ['backwards', 1, (numbers: number[]) => numbers.slice(-2).reverse()],
  ] as const)('counts what the filter lets through: %s', async (_title, direction, some) => {
    const type = `t${newStream()}`;
    const numbers: number[] = [];
    const before = await store.client.appendToStream(newStream(), newEvents(1));
    for (let number = 0; number < 5; number++) {
      await store.client.appendToStream(newStream(), newEvents(3));
      await store.client.appendToStream(newStream(), { ...newEvents(1, type)[0]!, data: { number } });
      numbers.push(number);
    }
    const { commit, prepare } = before.position!;
    const from = new Options.Position().setCommitPosition(`${commit}`).setPreparePosition(`${prepare}`);
    const { found } = await wire.read((options) => {
      const all = new Options.AllOptions();
      if (direction === 0) all.setPosition(from);
      else all.setEnd(empty());
      options.setAll(all).setReadDirection(direction).setCount('2').setFilter(typeFilter(type));
    });
    const data = found.flatMap((message) => {
      const bytes = message.getEvent()?.getEvent()?.getData_asU8();
      return bytes ? [(JSON.parse(Buffer.from(bytes).toString()) as { number: number }).number] : [];
    });
    expect(data).toEqual(some(numbers));
  });
});

describe('Append', () => {
  const { AppendReq, AppendResp } = streams;
  const options = (stream: string, change: (options: streams.AppendReq.Options) => void) => {
    const options = new AppendReq.Options().setStreamIdentifier(identifier(stream));
    change(options);
    return new AppendReq().setOptions(options);
  };
  const message = (fields?: Parameters<typeof proposed>[1]) =>
    new AppendReq().setProposedMessage(proposed(AppendReq.ProposedMessage, fields));

  it.each<[string, (options: streams.AppendReq.Options) => void, object]>([
    [
      'a revision',
      (options) => options.setRevision('7'),
      { expectedRevision: '7', expectedRevision2060: '7' },
    ],
    ['NoStream', (options) => options.setNoStream(empty()), { expectedNoStream: {} }],
  ])('answers WrongExpectedVersion as OK, in both forms: %s', async (_title, expected, fields) => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(2));
    const { messages, error } = await wire.call('Append', options(stream, expected), message());
    expect(error).toBeUndefined();
    const wrong = AppendResp.deserializeBinary(messages[0]!).getWrongExpectedVersion()!.toObject();
    const text = Object.fromEntries(
      Object.entries(wrong).map(([name, value]) => [name, typeof value === 'object' ? value : String(value)]),
    );
    expect(text).toMatchObject({ currentRevision: '1', currentRevision2060: '1', ...fields });
  });

  it('answers WrongExpectedVersion of a stream that is not there in both forms', async () => {
    const exists = options(newStream(), (options) => options.setStreamExists(empty()));
    const { messages } = await wire.call('Append', exists, message());
    const wrong = AppendResp.deserializeBinary(messages[0]!).getWrongExpectedVersion()!;
    expect([wrong.hasCurrentNoStream(), wrong.hasNoStream2060()]).toEqual([true, true]);
    expect([wrong.hasExpectedStreamExists(), wrong.hasStreamExists2060()]).toEqual([true, true]);
  });

  it('takes ids as two numbers', async () => {
    const stream = newStream();
    const halves = new shared.UUID.Structured().setMostSignificantBits('1').setLeastSignificantBits('-1');
    const id = new shared.UUID().setStructured(halves);
    await wire.call(
      'Append',
      options(stream, (options) => options.setAny(empty())),
      message({ id }),
    );
    const { found } = await wire.read((options) => options.setStream(streamOptions(stream)));
    expect(found[0]!.getEvent()!.getEvent()!.getId()!.getString()).toBe(
      '00000000-0000-0001-ffff-ffffffffffff',
    );
  });

  it('names the metadata an event must have', async () => {
    const any = options(newStream(), (options) => options.setAny(empty()));
    const bare = new AppendReq.ProposedMessage().setId(newId());
    const { error } = await wire.call('Append', any, new AppendReq().setProposedMessage(bare));
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(trailersOf(error)).toMatchObject({ exception: 'missing-required-metadata-property' });
    expect(trailersOf(error)['required-metadata-properties']).toMatch(
      /type.*content-type|content-type.*type/,
    );
  });

  it('names the largest append', async () => {
    const any = options(newStream(), (options) => options.setAny(empty()));
    const { error } = await wire.call('Append', any, message({ data: `"${'x'.repeat(2 ** 20)}"` }));
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(trailersOf(error)).toMatchObject({
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(2 ** 20),
    });
  });

  it('names the stream that was ended for good', async () => {
    const stream = newStream();
    await store.client.tombstoneStream(stream);
    const { error } = await wire.call(
      'Append',
      options(stream, (options) => options.setAny(empty())),
      message(),
    );
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION });
    expect(trailersOf(error)).toMatchObject({ exception: 'stream-deleted', 'stream-name': stream });
  });
});

describe('the node', () => {
  it('lists its methods in lower case, and a version of three numbers', async () => {
    const path = '/event_store.client.server_features.ServerFeatures/GetSupportedMethods';
    const { messages } = await wire.call(path, empty());
    const supported = features.SupportedMethods.deserializeBinary(messages[0]!);
    expect(supported.getEventStoreServerVersion()).toMatch(/^\d+\.\d+\.\d+/);
    const names = supported
      .getMethodsList()
      .map((method) => `${method.getServiceName()}/${method.getMethodName()}`);
    const ours = ['read', 'append', 'batchappend', 'delete', 'tombstone'];
    expect(names).toEqual(
      expect.arrayContaining(ours.map((name) => `event_store.client.streams.streams/${name}`)),
    );
  });

  it('is found by gossip', async () => {
    const { messages } = await wire.call('/event_store.client.gossip.Gossip/Read', empty());
    const [member] = gossip.ClusterInfo.deserializeBinary(messages[0]!).getMembersList();
    expect(member!.getIsAlive()).toBe(true);
    expect(member!.getState()).toBe(gossip.MemberInfo.VNodeState.LEADER);
    expect(member!.getHttpEndPoint()!.getPort()).toBeGreaterThan(0);
  });

  it('answers UNIMPLEMENTED to what it does not do, and goes on', async () => {
    const request = readRequest(() => undefined);
    const { error } = await wire.call('/event_store.client.no_such_service.Service/Method', request);
    expect(error).toMatchObject({ code: status.UNIMPLEMENTED });
    expect((await wire.call('Read', request)).error).toBeUndefined();
  });
});
