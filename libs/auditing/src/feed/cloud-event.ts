import type { AuditEvent } from './audit-event.js';

/** Where the events come from: with `source`, `id` is unique, as CloudEvents asks. */
const SOURCE = 'urn:coop:events';

/** An event as CloudEvents 1.0 has it; extension attributes are lower-case letters and digits. */
export function cloudEvent({
  data,
  dataBase64,
  actor,
  ...event
}: AuditEvent): Readonly<Record<string, unknown>> {
  const content =
    dataBase64 === undefined
      ? { datacontenttype: 'application/json', data }
      : { datacontenttype: 'application/octet-stream', data_base64: dataBase64 };
  return {
    specversion: '1.0',
    id: event.id,
    source: SOURCE,
    type: event.type,
    subject: event.stream,
    time: event.recordedAt,
    position: event.position,
    revision: event.revision,
    schemaversion: event.schemaVersion,
    actor: actor?.id,
    reason: event.reason,
    commandid: event.commandId,
    commandhash: event.commandHash,
    correlationid: event.correlationId,
    causationid: event.causationId,
    hash: event.hash,
    previoushash: event.previousHash,
    ...(event.missing ? { missing: true } : content),
  };
}
