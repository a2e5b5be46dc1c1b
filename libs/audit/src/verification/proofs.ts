/** Shows of one record that it is in the chain: the path from it to a signed root, to be checked without this server. */
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import {
  copyRows,
  DATABASE_ACCESS,
  DomainError,
  idFloor,
  UUID_PATTERN,
  withClient,
  type DatabaseAccess,
} from '#platform';
import type { AuditProofDto } from '../audit.dto.js';
import { auditErrors } from '../audit.errors.js';
import { batchStatement, type BatchKind } from '../chain/batch.js';
import { inclusionPath } from '../chain/merkle.js';
import { Acts } from './acts.js';
import { LeafSources, type Leaf, type LeafSource } from './leaf-source.js';

interface BatchRow {
  readonly kind: BatchKind;
  readonly count: number;
  readonly root: Buffer;
  readonly previous: Buffer;
  readonly head: Buffer;
  readonly sealedAt: Date;
  readonly kid: string;
  readonly signature: Buffer;
  readonly publicKey: string;
}

const BATCH = `
  SELECT b.kind, b.count, b.root, b.previous, b.head, b.sealed_at AS "sealedAt", b.kid, b.signature, k.public_key AS "publicKey"
    FROM audit_batches AS b JOIN audit_keys AS k ON k.kid = b.kid WHERE b.shard = $1 AND b.seq = $2`;

/** A record is made at most so long before its batch is sealed, and clocks differ a little: where its neighbours are looked for. */
const BEFORE_SEAL_MS = 10_000;
const AFTER_SEAL_MS = 1_000;

@Injectable()
export class Proofs {
  constructor(
    @Inject(DATABASE_ACCESS) private readonly access: DatabaseAccess,
    private readonly sources: LeafSources,
  ) {}

  /** @throws RECORD_NOT_FOUND, RECORD_NOT_SEALED */
  proofOf(id: string): Promise<AuditProofDto> {
    return this.reading(async (client) => {
      const found = UUID_PATTERN.test(id) ? await this.find(client, id) : undefined;
      if (!found) throw new DomainError(auditErrors.RECORD_NOT_FOUND, 'There is no such audit event or prediction.');
      const { source, leaf } = found;
      if (!leaf.place)
        throw new DomainError(auditErrors.RECORD_NOT_SEALED, `The ${source.noun} is not in a chain.`, {
          headers: { 'retry-after': '1' },
        });
      const { shard, seq } = leaf.place;
      const [batch] = (await client.query<BatchRow>(BATCH, [shard, seq])).rows;
      if (!batch) throw new DomainError(auditErrors.RECORD_NOT_SEALED, `The batch of the ${source.noun} is not there.`);
      return proofDto(source, leaf, batch, await this.leavesOf(client, source, leaf.place, batch));
    });
  }

  private async find(client: pg.Client, id: string): Promise<{ source: LeafSource; leaf: Leaf } | undefined> {
    for (const source of this.sources.all()) {
      const [leaf] = await readLeaves(client, source, source.select({ id }));
      if (leaf) return { source, leaf };
    }
    return undefined;
  }

  /** Hashes of all leaves of the batch, in their order. */
  private async leavesOf(
    client: pg.Client,
    source: LeafSource,
    { shard, seq }: { readonly shard: number; readonly seq: number },
    { count, sealedAt }: BatchRow,
  ): Promise<Buffer[]> {
    const from = idFloor(new Date(sealedAt.getTime() - BEFORE_SEAL_MS));
    const to = idFloor(new Date(sealedAt.getTime() + AFTER_SEAL_MS));
    let leaves = await readLeaves(client, source, source.select({ batch: { shard, seq }, ids: { from, to } }));
    // Sealed late: after a crash, or behind a database that stood still.
    if (leaves.length < count) leaves = await readLeaves(client, source, source.select({ batch: { shard, seq } }));
    const hashes: Buffer[] = [];
    for (const leaf of leaves) hashes[leaf.place!.leaf] = leaf.stored ?? leaf.computed;
    if (Object.keys(hashes).length !== count)
      throw new DomainError(auditErrors.RECORD_NOT_SEALED, `The batch is not whole: verify the record.`);
    return hashes;
  }

  private reading<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    return withClient(this.access.url, 'latido proofs', work);
  }
}

async function readLeaves(client: pg.Client, source: LeafSource, select: string): Promise<Leaf[]> {
  const leaves: Leaf[] = [];
  await copyRows(client, select, (row) => void leaves.push(source.read(row, Acts.NONE)));
  return leaves;
}

function proofDto(source: LeafSource, leaf: Leaf, batch: BatchRow, leaves: readonly Buffer[]): AuditProofDto {
  const { shard, seq, leaf: index } = leaf.place!;
  const { kind, count, root, previous } = batch;
  const sealedAtMs = batch.sealedAt.getTime();
  return {
    id: leaf.id,
    kind: source.kind,
    leaf: leaf.bytes.toString('base64'),
    index,
    path: inclusionPath(leaves, index).map((hash) => hash.toString('hex')),
    batch: {
      shard,
      seq,
      count,
      root: root.toString('hex'),
      statement: batchStatement({ shard, seq, kind, count, root, previous, sealedAtMs }),
      head: batch.head.toString('hex'),
      sealedAt: batch.sealedAt,
      kid: batch.kid,
      signature: batch.signature.toString('base64'),
    },
    publicKey: batch.publicKey,
  };
}
