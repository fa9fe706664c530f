import shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { RawEvent } from '#event-sourcing';

export type NewEvent = Pick<RawEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

/** Fills a message with an event as it is. */
export function proposed<
  Message extends streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
>(message: Message, event: NewEvent): Message {
  message.setId(new shared.UUID().setString(event.id)).setData(event.data).setCustomMetadata(event.metadata);
  message.getMetadataMap().set('type', event.type).set('content-type', event.contentType);
  return message;
}
