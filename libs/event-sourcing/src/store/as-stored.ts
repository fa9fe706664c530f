import type { ResolvedEvent } from '@eventstore/db-client';
import type { StoredEvent } from '../recorded-event.js';

/** An event as it is stored, known to this program or not; undefined for one of the store's own, or resolved away. */
export function asStored({ event }: ResolvedEvent): StoredEvent | undefined {
  if (!event || event.type.startsWith('$')) return undefined;
  return {
    type: event.type,
    // Bytes when it is not JSON.
    data: event.data as object,
    id: event.id,
    stream: event.streamId,
    revision: event.revision,
    // Absent only from servers before 22.6, which do not send it on stream reads.
    position: event.position!.commit,
    created: event.created,
    metadata: isObject(event.metadata) ? event.metadata : {},
  };
}

/** Others' events may have no metadata, or bytes. */
function isObject(metadata: unknown): metadata is StoredEvent['metadata'] {
  return typeof metadata === 'object' && metadata !== null && !ArrayBuffer.isView(metadata);
}
