import type { EventStore } from '#event-sourcing';
import { v5 as uuidv5 } from 'uuid';
import { anActivity } from './http.js';

const IDS = '3b241101-e2bb-4255-8caf-4136c566a962';
/** Events that `recordActivity` writes. */
export const EVENTS_AN_ACTIVITY = 20;

/** An activity with participations, corrections and withdrawals, the same for the same number; answers its last position. */
export async function recordActivity(store: EventStore, n: number): Promise<bigint> {
  const id = uuidv5(String(n), IDS);
  const commandId = uuidv5('command', id);
  const metadata = {
    actor: { id: 'staff-1', roles: [] },
    recordedAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    commandId,
    commandHash: '',
    $correlationId: commandId,
    $causationId: commandId,
  };
  const participation = (ordinal: number, total: number) => ({
    participationId: uuidv5(`participation ${ordinal}`, id),
    country: 'AZ',
    institution: `Institution ${ordinal}`,
    total,
  });
  const title = `Activity ${n}`;
  const held = { startsOn: '2025-03-10' };
  const events = [
    { type: 'ActivityLogged', data: { ...anActivity, title, goalIds: [], sources: [], held } },
    ...Array.from({ length: 9 }, (_, of) => ({
      type: 'ParticipationRecorded',
      data: participation(of, n + of),
    })),
    ...Array.from({ length: 8 }, (_, of) => ({
      type: 'ParticipationCorrected',
      data: { ...participation(of, of), reason: 'counted again' },
    })),
    { type: 'ActivityAmended', data: { changes: { title: `Activity ${n}, amended` } } },
    {
      type: 'ParticipationWithdrawn',
      data: { participationId: participation(8, 0).participationId, reason: 'entered twice' },
    },
  ];
  const { position } = await store.append(
    `activity-${id}`,
    -1n,
    events.map((event, ordinal) => ({ id: uuidv5(`event:${ordinal}`, commandId), event, metadata })),
  );
  return position;
}
