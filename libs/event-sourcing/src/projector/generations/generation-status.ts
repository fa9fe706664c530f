import type { SkippedEvent } from '../lag.js';
import type { PausingEvent } from '../pausing-event.js';
import type { Phase } from './generations.js';

/** A generation that does not serve. */
export interface GenerationStatus {
  /** `<projection>_<number>`, also the schema of its rows. */
  readonly name: string;
  readonly phase: Exclude<Phase, 'serving'>;
  readonly version: number;
  /** Of one that is being made. */
  readonly state?: 'running' | 'paused';
  readonly startedAt: string;
  /** Who asked for it; nobody: the program, whose version of the projection was newer. */
  readonly startedBy?: string;
  readonly reason?: string;
  readonly position: string;
  /** Events of the projection's own that are applied. */
  readonly events: number;
  /** Of one that is being made. */
  readonly progress?: Progress;
  readonly paused?: { readonly at: string; readonly by?: string; readonly reason?: string };
  readonly error?: PausingEvent;
  readonly skipped: readonly SkippedEvent[];
}

export interface Progress {
  readonly events: number;
  /** As many as the one that serves has applied. */
  readonly of: number;
  /** Since it began. */
  readonly perSecond: number;
  /** How much of what the one that serves has read is read, others' events and all. */
  readonly percent: number;
  /** At the pace of the reading since it began; absent before the first event. */
  readonly secondsLeft?: number;
}

/** As stored. */
export interface GenerationRow {
  readonly name: string;
  readonly projection: string | null;
  readonly generation: number;
  readonly phase: Phase;
  readonly version: number;
  readonly position: string;
  readonly events: string;
  readonly started_at: Date;
  readonly started_by: string | null;
  readonly start_reason: string | null;
  readonly error: PausingEvent | null;
  readonly paused_at: Date | null;
  readonly paused_by: string | null;
  readonly pause_reason: string | null;
}

/** @param now milliseconds since 1970 */
export function generationStatus(
  row: GenerationRow & { readonly state: string },
  serving: GenerationRow,
  skipped: readonly SkippedEvent[],
  now: number,
): GenerationStatus {
  const phase = row.phase as GenerationStatus['phase'];
  return {
    name: row.name,
    phase,
    version: row.version,
    ...(phase === 'building' && { state: row.state as GenerationStatus['state'] }),
    startedAt: row.started_at.toISOString(),
    ...(row.started_by !== null && { startedBy: row.started_by }),
    ...(row.start_reason !== null && { reason: row.start_reason }),
    position: row.position,
    events: Number(row.events),
    ...(phase === 'building' && { progress: progressOf(row, serving, now) }),
    ...(phase === 'building' && pauseOf(row)),
    skipped,
  };
}

function progressOf(row: GenerationRow, serving: GenerationRow, now: number): Progress {
  const events = Number(row.events);
  const of = Math.max(events, Number(serving.events));
  const seconds = Math.max(0.001, (now - row.started_at.getTime()) / 1000);
  // Its own events may all lie at the beginning: what is left to read says how long it takes.
  const [read, all] = [Number(row.position) + 1, Number(serving.position) + 1];
  const left = Math.max(0, all - read);
  return {
    events,
    of,
    perSecond: Math.round(events / seconds),
    percent: left === 0 ? 100 : Math.floor((100 * read) / all),
    ...(read > 0 && { secondsLeft: Math.round((left * seconds) / read) }),
  };
}

/** What has paused it, if it is. */
export function pauseOf({
  paused_at,
  paused_by,
  pause_reason,
  error,
}: GenerationRow): Pick<GenerationStatus, 'paused' | 'error'> {
  const by = paused_by === null ? {} : { by: paused_by };
  const reason = pause_reason === null ? {} : { reason: pause_reason };
  return {
    ...(paused_at && { paused: { at: paused_at.toISOString(), ...by, ...reason } }),
    ...(error && { error }),
  };
}
