import { instant } from '#http';
import { z } from 'zod';

// PostgreSQL refuses the NUL, and no name has one.
const name = z
  .string()
  .min(1)
  .max(1000)
  .refine((text) => !text.includes('\0') && text.isWellFormed(), 'give well-formed text');

export const eventFilters = {
  stream: name.optional().meta({ description: 'Exact name of a stream' }),
  type: name.optional().meta({ description: 'Exact type of event', examples: ['ActivityPlanned'] }),
  actor: name.optional().meta({ description: 'Id of who acted' }),
  from: instant.optional().meta({ description: 'Recorded at this time or later (RFC 3339)' }),
  to: instant.optional().meta({ description: 'Recorded before this time (RFC 3339)' }),
};

/** Which events are asked for; all that is given must hold. */
export interface EventFilters {
  readonly stream?: string;
  readonly type?: string;
  readonly actor?: string;
  /** RFC 3339, inclusive. */
  readonly from?: string;
  /** RFC 3339, exclusive. */
  readonly to?: string;
}
