import type { VerificationResult } from '#auditing';

type Found = Pick<VerificationResult, 'intact' | 'faultCount' | 'position' | 'rowsPosition'>;

/** What a verification comes to, in a line; it claims no more than was compared. */
export function verdict({ intact, faultCount, position, rowsPosition }: Found): string {
  const all = rowsPosition === position;
  const rest = all
    ? ''
    : ` The rows of the read models were compared only up to position ${rowsPosition}, not to ${position}: the projector had not` +
      ' taken in the rest. Verify again once it has.';
  if (!intact)
    return `NOT intact: ${faultCount.toLocaleString('en')} ${faultCount === 1 ? 'fault' : 'faults'}.${rest}`;
  return all
    ? 'Intact: nothing was altered, removed or moved.'
    : `Events intact: none was altered, removed or moved.${rest}`;
}
