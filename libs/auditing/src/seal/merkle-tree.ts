import { createHash } from 'node:crypto';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/**
 * The Merkle tree hash of RFC 9162 (Certificate Transparency v2), section 2.1.1, with SHA-256, over leaves added one by one. Kept
 * are the roots of complete subtrees only: as many as the number of leaves has binary ones.
 */
export class MerkleTree {
  /** Complete subtrees, each smaller than the one before. */
  private readonly subtrees: { leaves: number; hash: Buffer }[] = [];
  leaves = 0;

  add(data: string): void {
    let added = { leaves: 1, hash: sha256(LEAF, Buffer.from(data)) };
    while (this.subtrees.at(-1)?.leaves === added.leaves) {
      const left = this.subtrees.pop()!;
      added = { leaves: left.leaves * 2, hash: sha256(NODE, left.hash, added.hash) };
    }
    this.subtrees.push(added);
    this.leaves++;
  }

  /** Hashes in memory. */
  get kept(): number {
    return this.subtrees.length;
  }

  /** In hex. */
  root(): string {
    const smallestFirst = this.subtrees.map(({ hash }) => hash).reverse();
    const [first, ...larger] = smallestFirst;
    const root = first ? larger.reduce((right, left) => sha256(NODE, left, right), first) : sha256();
    return root.toString('hex');
  }
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
