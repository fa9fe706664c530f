import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MerkleTree } from './merkle-tree.js';

const rootOf = (leaves: readonly string[]): string => {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
};

/** RFC 9162, 2.1.1, word for word. */
function naiveRoot(leaves: readonly string[]): Buffer {
  const sha256 = (...parts: readonly (Buffer | string)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

describe('MerkleTree', () => {
  it('gives the roots that implementations of Certificate Transparency are tested with', () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'].map((hex) =>
      Buffer.from(hex, 'hex').toString(),
    );
    leaves.push('`abcdefghijklmno');
    expect(leaves.map((_, index) => rootOf(leaves.slice(0, index + 1)))).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ]);
  });

  it('hashes nothing when there are no leaves', () => {
    expect(rootOf([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('gives what the definition says, for any leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 200 }), (leaves) => {
        expect(rootOf(leaves)).toBe(naiveRoot(leaves).toString('hex'));
      }),
    );
  });

  it('keeps no more hashes than the number of leaves has binary digits', () => {
    const tree = new MerkleTree();
    for (let leaf = 0; leaf < 10_000; leaf++) {
      tree.add(String(leaf));
      expect(tree.kept).toBeLessThanOrEqual(Math.floor(Math.log2(leaf + 1)) + 1);
    }
  });
});
