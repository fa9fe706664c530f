import { uuidv5, type EventStore } from '#event-sourcing';
import type { DomainEvent } from '#shared-kernel';
import { anActivity } from './http.js';

const IDS = '3b241101-e2bb-4255-8caf-4136c566a962';
/** Events that `recordActivity` writes. */
export const EVENTS_AN_ACTIVITY = 20;

/** An activity with participations, corrections and withdrawals, the same for the same number; answers its last position. */
export function recordActivity(store: EventStore, n: number): Promise<bigint> {
  const id = activityId(n);
  const participation = (ordinal: number, total: number) => ({
    participationId: uuidv5(`participation ${ordinal}`, id),
    country: 'AZ',
    institution: `Institution ${ordinal}`,
    total,
  });
  return append(store, n, [
    logged(n, '2025-03-10'),
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
  ]);
}

/** Activities with one participation each, over twenty years from 2005 on. */
export async function recordYears(store: EventStore, activities: number): Promise<void> {
  let begun = 0;
  const write = async () => {
    for (let n = begun++; n < activities; n = begun++) {
      const participationId = uuidv5('participation', activityId(n));
      const data = {
        participationId,
        country: 'AZ',
        institution: `Institution ${n % 40}`,
        total: 5 + (n % 40),
      };
      await append(store, n, [
        logged(n, `${2005 + (n % 20)}-03-10`),
        { type: 'ParticipationRecorded', data },
      ]);
    }
  };
  await Promise.all(Array.from({ length: 64 }, write));
}

const activityId = (n: number) => uuidv5(String(n), IDS);

const logged = (n: number, startsOn: string) => ({
  type: 'ActivityLogged',
  data: {
    ...{ ...anActivity, startsOn, endsOn: startsOn.replace('-10', '-12') },
    ...{ title: `Activity ${n}`, goalIds: [], sources: [], held: { startsOn } },
  },
});

async function append(store: EventStore, n: number, events: readonly DomainEvent[]): Promise<bigint> {
  const id = activityId(n);
  const commandId = uuidv5('command', id);
  const metadata = {
    actor: { id: 'staff-1', roles: [] },
    recordedAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    commandId,
    commandHash: '',
    $correlationId: commandId,
    $causationId: commandId,
  };
  const { position } = await store.append(
    `activity-${id}`,
    -1n,
    events.map((event, ordinal) => ({ id: uuidv5(`event:${ordinal}`, commandId), event, metadata })),
  );
  return position;
}
