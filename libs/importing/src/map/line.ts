import type { activityCommandSchemas, CostFields, ParticipationFields } from '#activities';
import type { Source } from '#shared-kernel';
import type { z } from 'zod';

export type LogInput = z.input<typeof activityCommandSchemas.log>;
export type LineStatus = 'held' | 'planned' | 'cancelled';

/** What one good line says of its activity. */
export interface Line {
  readonly row: number;
  readonly status: LineStatus;
  /** Fields of the activity, without its parts. */
  readonly activity: Omit<LogInput, 'participations' | 'costs' | 'sources'>;
  readonly cancel: Readonly<Record<string, unknown>>;
  readonly participations: readonly ParticipationFields[];
  readonly costs: readonly CostFields[];
  readonly sources: readonly Source[];
  /** Equal for lines that say the same, whatever their numbers. */
  readonly fingerprint: string;
}

/** A line as it is kept between reading and writing: a faulty one only counts against its activity. */
export type SpooledLine = Line | { readonly row: number; readonly faulty: true };
