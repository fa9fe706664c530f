import { activity } from './activity.js';
import { contribution } from './contribution.js';
import { dialogue } from './dialogue.js';
import { document } from './document.js';
import type { RecordKind } from './record-kind.js';

/** What a profile may name in `record`. A new kind is added here. */
export const recordKinds: readonly RecordKind[] = [activity, dialogue, document, contribution];
