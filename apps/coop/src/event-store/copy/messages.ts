import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { RawEvent } from './raw-event.js';

export type NewEvent = Pick<RawEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

export const { FORWARDS, BACKWARDS } = streams.ReadReq.Options.ReadDirection;

export function options(direction: typeof FORWARDS | typeof BACKWARDS): streams.ReadReq.Options {
  const uuids = new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty());
  return new streams.ReadReq.Options()
    .setReadDirection(direction)
    .setCount(String(Number.MAX_SAFE_INTEGER))
    .setUuidOption(uuids)
    .setNoFilter(new shared.Empty());
}

export function identifier(stream: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'));
}

/** Fills a message with an event as it is. */
export function proposed<
  Message extends streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
>(message: Message, event: NewEvent): Message {
  message.setId(new shared.UUID().setString(event.id)).setData(event.data).setCustomMetadata(event.metadata);
  message.getMetadataMap().set('type', event.type).set('content-type', event.contentType);
  return message;
}

export function rawEvent(event: streams.ReadResp.ReadEvent.RecordedEvent): RawEvent {
  const properties = event.getMetadataMap();
  return {
    stream: Buffer.from(event.getStreamIdentifier()!.getStreamName_asU8()).toString(),
    revision: BigInt(event.getStreamRevision()),
    id: event.getId()!.getString(),
    type: properties.get('type') ?? '',
    contentType: properties.get('content-type') ?? 'application/octet-stream',
    data: event.getData_asU8(),
    metadata: event.getCustomMetadata_asU8(),
    created: BigInt(properties.get('created') ?? 0),
    position: { commit: BigInt(event.getCommitPosition()), prepare: BigInt(event.getPreparePosition()) },
  };
}
