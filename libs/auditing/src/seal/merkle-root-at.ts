import { setImmediate } from 'node:timers/promises';
import { notCaughtUp } from '#http';
import type { Query } from '#postgres';
import { AUDIT } from '../projections/audit-projection.js';
import { MerkleTree } from './merkle-tree.js';

/** What a whole state of the record comes down to. */
export interface Seal {
  /** Merkle tree hash over the heads of all streams, hex. */
  readonly root: string;
  readonly streams: number;
}

interface Head {
  readonly applied: string;
  readonly stream: string | null;
  readonly revision: string;
  readonly hash: string | null;
}

/** Streams read together: few enough that other requests have their turn while they are hashed. */
const PAGE = 2_000;

/**
 * The seal of the record as it stood at a position. Leaves are the heads of the streams, in the byte order of their names.
 * @throws Problem 503 when the index of events has not reached the position
 */
export async function merkleRootAt(query: Query, position: bigint): Promise<Seal> {
  const tree = new MerkleTree();
  for (let page = headsAfter(query, '', position); ;) {
    const heads = await page;
    if (BigInt(heads[0]?.applied ?? -1) < position) throw notCaughtUp(position);
    const isLast = heads.length < PAGE;
    if (!isLast) {
      // On its way before these are hashed.
      page = headsAfter(query, heads.at(-1)!.stream!, position);
      await setImmediate();
    }
    for (const { stream, revision, hash } of heads)
      if (stream !== null) tree.add(leaf(stream, BigInt(revision), hash));
    if (isLast) return { root: tree.root(), streams: tree.leaves };
  }
}

/** A leaf's data: stream, revision of its newest event in decimal, that event's hash. */
export function leaf(stream: string, revision: bigint, hash: string | null): string {
  return JSON.stringify([stream, String(revision), hash]);
}

/** Each with how far the index is; one row without a stream when there are none. */
function headsAfter(query: Query, stream: string, position: bigint): Promise<Head[]> {
  return query<Head>(
    `select applied.position as applied, head.* from public.projection applied left join (
       select distinct on (stream) stream, revision, hash from audit.event
       where stream > $1 and from_position <= $2::bigint
       order by stream, from_position desc limit ${PAGE}) head on true
     where applied.name = '${AUDIT}' order by head.stream`,
    [stream, String(position)],
  );
}
