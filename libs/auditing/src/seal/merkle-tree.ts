import { hash } from 'node:crypto';

// One call a hash, not an object: a state has a leaf a stream.
const sha256 = (data: string | Uint8Array) => hash('sha256', data, 'buffer');
const leafHash = (data: string) => sha256(`\0${data}`);
const nodeHash = (left: Buffer, right: Buffer) => sha256(Buffer.concat([NODE, left, right]));
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
    let added = { leaves: 1, hash: leafHash(data) };
    while (this.subtrees.at(-1)?.leaves === added.leaves) {
      const left = this.subtrees.pop()!;
      added = { leaves: left.leaves * 2, hash: nodeHash(left.hash, added.hash) };
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
    const root = first ? larger.reduce((right, left) => nodeHash(left, right), first) : sha256('');
    return root.toString('hex');
  }
}
