import type { Profile } from '../profile/profile.js';

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** HTML entities that exports leave behind: `&amp;` → `&`. One that is not known stays. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (entity, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
    const code = decimal === undefined ? parseInt(hex, 16) : Number(decimal);
    return code > 0x1f && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

/** A cell as the profile reads it. */
export function cleaner({ clean }: Pick<Profile, 'clean'>): (cell: string) => string {
  const blank = new Set(clean.blank.map((word) => word.toLowerCase()));
  return (cell) => {
    let text = clean.decodeEntities ? decodeEntities(cell) : cell;
    if (clean.collapseSpaces) text = text.replace(/[\s\u00a0]+/g, ' ');
    text = text.trim();
    return blank.has(text.toLowerCase()) ? '' : text;
  };
}
