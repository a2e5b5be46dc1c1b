import { describe, expect, it } from 'vitest';
import { fromBase64, fromHex, sha256, toHex } from './bytes';
import { kidOf, signatureHolds } from './ed25519';
import { climb } from './merkle';
import { checkProof, verdictOf } from './proof-check';
import type { AuditProof } from './queries';

const ID = '01a22e90-d875-776f-840b-a1fa00a01273';
const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);
const toBase64 = (bytes: ArrayBuffer | Uint8Array): string =>
  btoa(String.fromCharCode(...(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes))));

/** As RFC 6962 §2.1 defines it: the largest power of two smaller than n on the left. */
async function treeHash(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
  if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0]!);
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(Uint8Array.of(1), await treeHash(leaves.slice(0, left)), await treeHash(leaves.slice(left)));
}

/** As RFC 6962 §2.1.1 defines it, from the leaf to the root. */
async function pathTo(index: number, leaves: readonly Uint8Array[]): Promise<string[]> {
  if (leaves.length === 1) return [];
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  const [own, other, at] =
    index < left
      ? [leaves.slice(0, left), leaves.slice(left), index]
      : [leaves.slice(left), leaves.slice(0, left), index - left];
  return [...(await pathTo(at, own)), toHex(await treeHash(other))];
}

const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, index) => text(`leaf ${index}`));

async function newProof(count: number, index: number): Promise<AuditProof> {
  const { publicKey, privateKey } = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const pem = `-----BEGIN PUBLIC KEY-----\n${toBase64(await crypto.subtle.exportKey('spki', publicKey))}\n-----END PUBLIC KEY-----\n`;
  const leaf = new Uint8Array([0, 0, 0, 16, ...fromHex(ID.replaceAll('-', '')), ...text('what it says')]);
  const leaves = leavesOf(count).with(index, leaf);
  const root = toHex(await treeHash(leaves));
  const statement = `latido batch 1\n3\n7\nevents\n${count}\n${root}\n${'0'.repeat(64)}\n1796077574374\n`;
  return {
    id: ID,
    kind: 'events',
    leaf: toBase64(leaf),
    index,
    path: await pathTo(index, leaves),
    batch: {
      shard: 3,
      seq: 7,
      count,
      root,
      statement,
      head: toHex(await sha256(text(statement))),
      sealedAt: '2026-11-30T22:26:14.374Z',
      kid: await kidOf(pem),
      signature: toBase64(await crypto.subtle.sign('Ed25519', privateKey, text(statement))),
    },
    publicKey: pem,
  };
}

const verdict = async (proof: AuditProof) => verdictOf(await checkProof(proof));

describe('A Merkle path', () => {
  it('leads from every leaf of trees of every shape to their root', async () => {
    for (let count = 1; count <= 17; count += 1) {
      const leaves = leavesOf(count);
      const root = toHex(await treeHash(leaves));
      for (let index = 0; index < count; index += 1) {
        const climbed = await climb(leaves[index]!, index, count, await pathTo(index, leaves));
        expect(climbed.root, `leaf ${index} of ${count}`).toBe(root);
      }
    }
  });

  it('leads nowhere with a sibling too few or too many, or from a place that the tree has not', async () => {
    const leaves = leavesOf(5);
    const path = await pathTo(2, leaves);
    expect((await climb(leaves[2]!, 2, 5, path.slice(1))).root).toBeUndefined();
    expect((await climb(leaves[2]!, 2, 5, [...path, path[0]!])).root).toBeUndefined();
    expect((await climb(leaves[2]!, 8, 5, path)).root).toBeUndefined();
  });

  it('says on which side each sibling stands', async () => {
    const leaves = leavesOf(4);
    const { steps } = await climb(leaves[2]!, 2, 4, await pathTo(2, leaves));
    expect(steps.map(({ side }) => side)).toEqual(['right', 'left']);
  });
});

describe('A proof', () => {
  it('holds when leaf, path, batch and signature belong together', async () => {
    expect(await verdict(await newProof(6, 4))).toBe('holds');
    expect(await verdict(await newProof(1, 0))).toBe('holds');
  });

  it('is broken when anything in it was changed', async () => {
    const proof = await newProof(6, 4);
    const { batch } = proof;
    const changedLeaf = fromBase64(proof.leaf);
    changedLeaf[changedLeaf.length - 1]! ^= 1;
    const changed: Readonly<Record<string, AuditProof>> = {
      id: { ...proof, id: ID.replace('1273', '1274') },
      leaf: { ...proof, leaf: toBase64(changedLeaf) },
      index: { ...proof, index: 5 },
      path: { ...proof, path: proof.path.with(0, '0'.repeat(64)) },
      root: { ...proof, batch: { ...batch, root: '0'.repeat(64) } },
      number: { ...proof, batch: { ...batch, seq: 8 } },
      statement: {
        ...proof,
        batch: { ...batch, statement: batch.statement.replace('1796077574374', '1796077574375') },
      },
      head: { ...proof, batch: { ...batch, head: '0'.repeat(64) } },
      kid: { ...proof, batch: { ...batch, kid: '0123456789abcdef' } },
      signature: { ...proof, batch: { ...batch, signature: toBase64(new Uint8Array(64)) } },
      key: { ...proof, publicKey: (await newProof(1, 0)).publicKey },
    };
    for (const [what, one] of Object.entries(changed)) expect(await verdict(one), what).toBe('broken');
  });

  it('is not said to be signed by a browser that cannot tell', async () => {
    const check = await checkProof(await newProof(2, 1));
    expect(verdictOf({ ...check, isSigned: undefined })).toBe('unsigned');
  });
});

describe('A signature', () => {
  it('cannot be told with a key that is none', async () => {
    const noKey = `-----BEGIN PUBLIC KEY-----\n${btoa('no key')}\n-----END PUBLIC KEY-----\n`;
    expect(await signatureHolds('statement', btoa('x'), noKey)).toBeUndefined();
  });
});
