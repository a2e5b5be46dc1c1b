// node check-proof.mjs PROOF.json KEY.pem: checks an answer of GET /v1/audit/proofs/{id} with nothing but Node and a key you trust.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [, , proofFile, keyFile] = process.argv;
const { id, leaf, index, path, batch } = JSON.parse(readFileSync(proofFile, 'utf8'));
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

// The record's bytes begin with its id: a column's length, then 16 bytes.
const bytes = Buffer.from(leaf, 'base64');
const isItsLeaf = bytes.subarray(4, 20).toString('hex') === id.replaceAll('-', '');

// From the leaf to the root, as RFC 6962 §2.1.1: a node without a partner moves up as it is.
let node = sha256(Buffer.of(0), bytes);
let used = 0;
for (let [at, last] = [index, batch.count - 1]; last > 0; at >>= 1, last >>= 1) {
  if (at === last && at % 2 === 0) continue;
  const sibling = Buffer.from(path[used++] ?? '', 'hex');
  node = at % 2 ? sha256(Buffer.of(1), sibling, node) : sha256(Buffer.of(1), node, sibling);
}
const isInTree = used === path.length && node.toString('hex') === batch.root;

// The signed statement names the batch and its root.
const [, shard, seq, , count, root] = batch.statement.split('\n');
const isItsBatch =
  shard === String(batch.shard) && seq === String(batch.seq) && count === String(batch.count) && root === batch.root;
const key = createPublicKey(readFileSync(keyFile));
const isSigned = verify(null, Buffer.from(batch.statement), key, Buffer.from(batch.signature, 'base64'));

console.log({ isItsLeaf, isInTree, isItsBatch, isSigned });
process.exit(isItsLeaf && isInTree && isItsBatch && isSigned ? 0 : 1);
