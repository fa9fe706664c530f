import { RE2JS } from 're2js';

/** Instructions of a compiled expression: the time for a name grows with these times its length. */
const LARGEST = 2_000;
/** What .NET's classes hold, which are Unicode's; RE2's are ASCII's. */
const CLASSES: Readonly<Record<string, string>> = {
  '\\d': '\\p{Nd}',
  '\\w': '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}',
  '\\s': '\\t-\\r\\x{85}\\p{Z}',
};
/** An escape, or a whole [class]. */
const PARTS = /\\[^]|\[\^?\]?(?:\\[^]|[^\\\]])*\]/g;

/**
 * The protocol's expressions are .NET's. They are matched by RE2, in time that grows with the text only: .NET's way may take years,
 * and everybody else would wait for one subscriber's filter.
 * @throws SyntaxError when it is none, or means something that RE2 cannot match
 */
export function compileRegularExpression(expression: string): (text: string) => boolean {
  try {
    const pattern = RE2JS.compile(expression.replace(PARTS, asRe2));
    if (pattern.programSize() > LARGEST) throw new SyntaxError('it is too large');
    return (text) => pattern.test(text);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new SyntaxError(`the regular expression ${expression} cannot be used: ${reason}`, { cause });
  }
}

function asRe2(part: string): string {
  if (!part.startsWith('[')) {
    const set = CLASSES[part.toLowerCase()];
    if (!set) return part;
    return part === part.toLowerCase() ? `[${set}]` : `[^${set}]`;
  }
  // Both would be taken for something else.
  const plain = part.replace(/\\[^]/g, '');
  if (plain.includes('-[')) throw new SyntaxError('classes cannot be subtracted');
  if (plain.includes('[:')) throw new SyntaxError('there are no [:named:] classes');
  return part.replace(/\\[^]/g, (escape) => CLASSES[escape] ?? escape);
}
