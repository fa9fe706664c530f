import { historyItem, type RecordedEvent, type StoredEvent } from '#event-sourcing';
import type { Actor } from '#shared-kernel';
import { recordedTime } from '../projections/audit-projection.js';
import type { Place } from './places.js';

/** An event as the record has it. What an event written elsewhere does not say of itself is left out. */
export interface AuditEvent {
  /** Commit position in the store, decimal; also the cursor of what follows. */
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  /** Of `data`, which is shown in the version it was written in. */
  readonly schemaVersion?: number;
  /** RFC 3339 UTC. */
  readonly recordedAt: string;
  readonly actor?: Actor;
  readonly reason?: string;
  readonly commandId?: string;
  readonly commandHash?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly hash?: string;
  readonly previousHash?: string;
  readonly data?: unknown;
  /** In place of `data`, for what is not JSON. */
  readonly dataBase64?: string;
  /** The index knows of the event, but the store has it no more. */
  readonly missing?: true;
}

export function auditEvent(place: Place, event: StoredEvent | undefined): AuditEvent {
  if (!event) return missingEvent(place);
  const { data, position, revision, id, type, recordedAt: _, ...said } = historyItem(event as RecordedEvent);
  const { commandHash, hash, previousHash } = event.metadata;
  return {
    position,
    stream: event.stream,
    revision,
    id,
    type,
    recordedAt: recordedTime(event),
    ...said,
    commandHash,
    hash,
    previousHash,
    ...(data instanceof Uint8Array ? { dataBase64: Buffer.from(data).toString('base64') } : { data }),
  };
}

function missingEvent({ position, stream, revision, id, type, recordedAt, actor, hash }: Place): AuditEvent {
  return {
    position,
    stream,
    revision: Number(revision),
    id,
    type,
    recordedAt,
    ...(actor === null ? {} : { actor: { id: actor, roles: [] } }),
    ...(hash === null ? {} : { hash }),
    missing: true,
  };
}
