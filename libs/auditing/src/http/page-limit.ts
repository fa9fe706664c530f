import { z } from 'zod';

/** Most items of a page. */
export const pageLimit = z
  .string()
  .regex(/^\d{1,4}$/, 'give a whole number')
  .transform(Number)
  .pipe(z.int().min(1).max(500));
