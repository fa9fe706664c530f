import { isPartialDate } from '#shared-kernel';
import { z } from 'zod';

/** The year in a report's path. */
export const yearSchema = z
  .string()
  .regex(/^\d{4}$/, 'give a year such as 2024')
  .refine(isPartialDate, 'give a year between 1900 and 2199')
  .transform(Number);
