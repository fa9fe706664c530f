import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ANY,
  jsonEvent,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AllStreamResolvedEvent,
  type AppendExpectedRevision,
  type AppendResult,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { gather, newStream, openStore, type OpenStore } from './open-store.js';

let store: OpenStore;
beforeAll(async () => void (store = await openStore()));
afterAll(() => store.close());

/**
 * What an append answers, by the revision it expects (across) and the ids it brings (down). A letter is an event: `abc`
 * was the stream's first append, `de` its second, `fg` the one after a soft delete; `o` is in another stream, `x` nowhere.
 *
 * `+7` written, its last event at revision 7
 * `=2` what was answered the first time, when its last event was written at revision 2; nothing is written
 * `!4` WrongExpectedVersionError, 4 being current; `!-` for none
 * `†` StreamDeletedError
 */
const outcomes: readonly [state: string, history: readonly string[], visible: string, table: string][] = [
  [
    'that is missing',
    [],
    '',
    `    ANY EXISTS NONE   0   7
    x    +0     !-   +0  !-  !-
    o    +0     !-   +0  !-  !-
    xo   +1     !-   +1  !-  !-
    ox   +1     !-   +1  !-  !-`,
  ],
  [
    'of metadata only',
    ['metadata'],
    '',
    `    ANY EXISTS NONE   0   7
    x    +0     +0   +0  !-  !-
    o    +0     +0   +0  !-  !-
    xo   +1     +1   +1  !-  !-
    ox   +1     +1   +1  !-  !-`,
  ],
  [
    'that is there',
    ['abc', 'de'],
    'abcde',
    `      ANY EXISTS NONE   0   2   4   9
    x      +5     +5   !4  !4  !4  +5  !4
    abc    =2     =2   =2  !4  !4  +7  !4
    de     =4     =4   !4  !4  =4  +6  !4
    ab     =1     =1   =1  !4  !4  +6  !4
    d      =3     =3   !4  !4  =3  +5  !4
    bc     =2     =2   !4  =2  !4  +6  !4
    abcde  =4     =4   =4  !4  !4  +9  !4
    abcx   !4     !4   !4  !4  !4  +8  !4
    abcdex !4     !4   !4  !4  !4 +10  !4
    dex    !4     !4   !4  !4  !4  +7  !4
    ax     !4     !4   !4  !4  !4  +6  !4
    xa     +6     +6   !4  !4  !4  +6  !4
    xd     +6     +6   !4  !4  !4  +6  !4
    o      +5     +5   !4  !4  !4  +5  !4
    ao     !4     !4   !4  !4  !4  +6  !4
    oa     +6     +6   !4  !4  !4  +6  !4`,
  ],
  [
    'that is soft-deleted',
    ['abc', 'de', 'delete'],
    '',
    `      ANY EXISTS NONE   0   2   4   9
    x      +5      †   +5  !4  !4  +5  !4
    abc    =2      †   =2  !4  !4  +7  !4
    de     =4      †   +6  !4  =4  +6  !4
    ab     =1      †   =1  !4  !4  +6  !4
    d      =3      †   +5  !4  =3  +5  !4
    bc     =2      †   +6  =2  !4  +6  !4
    abcde  =4      †   =4  !4  !4  +9  !4
    abcx   !4      †   !4  !4  !4  +8  !4
    abcdex !4      †   !4  !4  !4 +10  !4
    dex    !4      †   +7  !4  !4  +7  !4
    ax     !4      †   !4  !4  !4  +6  !4
    xa     +6      †   +6  !4  !4  +6  !4
    xd     +6      †   +6  !4  !4  +6  !4
    o      +5      †   +5  !4  !4  +5  !4
    ao     !4      †   !4  !4  !4  +6  !4
    oa     +6      †   +6  !4  !4  +6  !4`,
  ],
  [
    're-created after a soft delete',
    ['abc', 'de', 'delete', 'fg'],
    'fg',
    `      ANY EXISTS NONE   2   4   6   9
    x      +7     +7   !6  !6  !6  +7  !6
    abc    =2     =2   =2  !6  !6  +9  !6
    de     =4     =4   !6  =4  !6  +8  !6
    fg     =6     =6   !6  !6  =6  +8  !6
    ab     =1     =1   =1  !6  !6  +8  !6
    f      =5     =5   !6  !6  =5  +7  !6
    defg   =6     =6   !6  =6  !6 +10  !6
    abcx   !6     !6   !6  !6  !6 +10  !6
    fgx    !6     !6   !6  !6  !6  +9  !6
    ax     !6     !6   !6  !6  !6  +8  !6
    fx     !6     !6   !6  !6  !6  +8  !6
    xa     +8     +8   !6  !6  !6  +8  !6
    xf     +8     +8   !6  !6  !6  +8  !6
    o      +7     +7   !6  !6  !6  +7  !6
    fo     !6     !6   !6  !6  !6  +8  !6
    of     +8     +8   !6  !6  !6  +8  !6`,
  ],
  [
    'that is tombstoned',
    ['abc', 'de', 'tombstone'],
    '†',
    `   ANY EXISTS NONE   2   4   9
    x    †      †    †   †   †   †
    abc  †      †    †   †   †   †
    de   †      †    †   †   †   †
    ab   †      †    †   †   †   †
    abcx †      †    †   †   †   †
    ax   †      †    †   †   †   †
    xa   †      †    †   †   †   †
    o    †      †    †   †   †   †`,
  ],
];

const EXPECTED: Record<string, AppendExpectedRevision> = { ANY, EXISTS: STREAM_EXISTS, NONE: NO_STREAM };

const calls = [
  ['BatchAppend', {}],
  // Credentials of its own make the client fall back to the unary call.
  ['Append', { credentials: { username: 'admin', password: 'changeit' } }],
] as const;

describe.each(calls)('%s answers by the revision it expects and the ids it brings', (_, options) => {
  describe.each(outcomes)('to a stream %s', (_state, history, visible, table) => {
    const [columns, ...rows] = table.split('\n').map((line) => line.trim().split(/\s+/));
    const row = (cells: readonly string[]) =>
      Object.fromEntries(columns!.map((column, n) => [column, cells[n]]));

    it.each(rows.map(([letters, ...cells]) => [letters!, cells] as const))('%s', async (letters, cells) => {
      const found = await Promise.all(columns!.map((column) => outcome(letters, column)));
      expect(row(found)).toEqual(row(cells));
    });

    /** Makes a stream with the history, appends, and looks at the answer and at all the stream then holds. */
    async function outcome(letters: string, column: string): Promise<string> {
      const stream = newStream();
      const events = new Map(
        [...'abcdefgox'].map((letter) => [letter, jsonEvent({ type: 'happened', data: { letter } })]),
      );
      const append = (to: string, brought: string, expectedRevision: AppendExpectedRevision) => {
        const batch = [...brought].map((letter) => events.get(letter)!);
        return store.client.appendToStream(to, batch, { expectedRevision, ...options });
      };
      const { position: begin } = await append(newStream(), 'o', NO_STREAM);
      for (const step of history) {
        if (step === 'metadata') await store.client.setStreamMetadata(stream, { owner: 'office' });
        else if (step === 'delete') await store.client.deleteStream(stream);
        else if (step === 'tombstone') await store.client.tombstoneStream(stream);
        else await append(stream, step, ANY);
      }
      const expectedRevision = EXPECTED[column] ?? BigInt(column);
      const answer: unknown = await append(stream, letters, expectedRevision).catch(
        (error: unknown) => error,
      );

      const all = await gather<AllStreamResolvedEvent>(store.client.readAll({ fromPosition: begin! }));
      const stored = all.map(({ event }) => event!).filter(({ streamId }) => streamId === stream);
      const before = history.map((step) => HISTORY[step] ?? step).join('');
      const written = stored.map(letterOf).join('').slice(before.length);
      expect(stored.map(letterOf).join('')).toBe(before + written);
      expect(await visibleIn(stream)).toBe(visible + written);
      if (answer instanceof StreamDeletedError) {
        expect(answer.streamName).toBe(stream);
        return `†${written}`;
      }
      if (answer instanceof WrongExpectedVersionError) {
        expect(answer).toMatchObject({ streamName: stream, expectedVersion: expectedRevision });
        return `!${answer.actualVersion === 'no_stream' ? '-' : answer.actualVersion}${written}`;
      }
      const { nextExpectedRevision, position } = answer as AppendResult;
      const last = stored.find(({ revision }) => revision === nextExpectedRevision);
      // No position is repeated of an event that was deleted.
      const deleted = !(visible + written).includes(letterOf(last!));
      expect(position ?? (deleted && last!.position)).toEqual(last!.position);
      if (written) expect([written, last]).toEqual([letters, stored.at(-1)]);
      return `${written ? '+' : '='}${nextExpectedRevision}`;
    }
  });
});

/** What steps that are not appends leave in the stream. */
const HISTORY: Record<string, string> = { metadata: '', delete: '', tombstone: '†' };

function letterOf({ data }: { data: unknown }): string {
  return (data as { letter?: string }).letter ?? '†';
}

async function visibleIn(stream: string): Promise<string> {
  try {
    const events = await gather<ResolvedEvent>(store.client.readStream(stream));
    return events.map(({ event }) => letterOf(event!)).join('');
  } catch (error) {
    if (error instanceof StreamNotFoundError) return '';
    if (error instanceof StreamDeletedError) return '†';
    throw error;
  }
}
