import type { EventLog } from '../storage/log.js';
import type { Writer } from '../storage/writer.js';
import { appendMethod, deleteMethod } from './append.js';
import { batchAppendMethod } from './batch-append.js';
import { toGrpcError } from './errors.js';
import { frame } from './frames.js';
import type { Method } from './grpc-server.js';
import { features, gossip } from './protocol.js';
import { readMethod } from './read.js';

/** Version told to clients: the newest whose answers these are. */
const VERSION = '23.10.0';
const STREAMS = 'event_store.client.streams.Streams';
const SERVER_FEATURES = 'event_store.client.server_features.ServerFeatures';
const GOSSIP = 'event_store.client.gossip.Gossip';

/** The calls this node answers, by path; `port` is its own, known once it listens. */
export function createMethods(
  log: EventLog,
  writer: Writer,
  newId: () => string,
  port: () => number,
): Map<string, Method> {
  const streamsMethods: [string, Method][] = [
    ['Read', readMethod(log, newId)],
    ['Append', appendMethod(writer)],
    ['BatchAppend', batchAppendMethod(writer)],
    ['Delete', deleteMethod(writer, 'delete')],
    ['Tombstone', deleteMethod(writer, 'tombstone')],
  ];
  const methods = new Map(streamsMethods.map(([name, method]) => [`/${STREAMS}/${name}`, named(method)]));
  methods.set(`/${SERVER_FEATURES}/GetSupportedMethods`, (call) =>
    call.write(frame(supportedMethods(streamsMethods.map(([name]) => name)))),
  );
  methods.set(`/${GOSSIP}/Read`, (call) => call.write(frame(clusterOfOne(port()))));
  return methods;
}

function named(method: Method): Method {
  return (call) =>
    method(call).catch((error: unknown) => {
      throw toGrpcError(error);
    });
}

function supportedMethods(names: readonly string[]): features.SupportedMethods {
  const supported = new features.SupportedMethods().setEventStoreServerVersion(VERSION);
  const all = [
    ...names.map((name) => [STREAMS, name] as const),
    [SERVER_FEATURES, 'GetSupportedMethods'] as const,
    [GOSSIP, 'Read'] as const,
  ];
  for (const [service, name] of all) {
    supported.addMethods(
      new features.SupportedMethod().setServiceName(service.toLowerCase()).setMethodName(name.toLowerCase()),
    );
  }
  return supported;
}

function clusterOfOne(port: number): gossip.ClusterInfo {
  const endPoint = new gossip.EndPoint().setAddress('127.0.0.1').setPort(port);
  const member = new gossip.MemberInfo()
    .setState(gossip.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(endPoint);
  return new gossip.ClusterInfo().setMembersList([member]);
}
