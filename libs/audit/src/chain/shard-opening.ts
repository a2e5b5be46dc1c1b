/** How a process begins its chain: by a signed statement that names where all chains before it ended. */
import type pg from 'pg';
import { brokenUniqueConstraint } from '#platform';
import type { AuditKey } from './audit-key.js';
import { statementHash, type HeadReference, type OpeningStatement } from './batch.js';
import { latestHeads } from './latest-heads.js';

export interface OpenShard {
  readonly id: number;
  /** Hash of the opening statement: what the first batch names as the one before it. */
  readonly opening: Buffer;
}

const NEXT_SHARD = `
  SELECT nextval(pg_get_serial_sequence('audit_shards', 'id'))::int AS id,
         (SELECT COALESCE(max(epoch), 0) + 1 FROM audit_shards WHERE replica = $1)::int AS epoch,
         NOT EXISTS (SELECT FROM audit_shards) AS first`;

/** Ends of chains, but for those that an opening names already at the same end. */
const UNNAMED_HEADS = `
  WITH named AS (
    SELECT (entry ->> 'shard')::int AS shard, (entry ->> 'seq')::bigint AS seq
      FROM audit_shards, jsonb_array_elements(statement::jsonb -> 'heads') AS entry
  )
  ${latestHeads('WHERE NOT EXISTS (SELECT FROM named WHERE named.shard = shards.id AND named.seq = latest.seq)')}`;

/** What stood in the tables before there were proofs. Asked once, by the first opening of all. */
const UNPROVEN = 'SELECT predictions, events FROM unproven_records';

/** Two processes of one replica that start together can take the same epoch: the second tries again. */
const ATTEMPTS = 5;

/** Opens a shard for this process. @throws what the database said */
export async function openShard(client: pg.Client, key: AuditKey, replica: string): Promise<OpenShard> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await insertShard(client, key, replica);
    } catch (error) {
      if (brokenUniqueConstraint(error) === undefined || attempt === ATTEMPTS) throw error;
    }
  }
}

async function insertShard(client: pg.Client, key: AuditKey, replica: string): Promise<OpenShard> {
  const next = (await client.query<{ id: number; epoch: number; first: boolean }>(NEXT_SHARD, [replica])).rows[0]!;
  const unproven = next.first
    ? (await client.query<OpeningStatement['unproven'] & object>(UNPROVEN)).rows[0]!
    : undefined;
  const { rows: heads } = await client.query<HeadReference>(UNNAMED_HEADS);
  const opening: OpeningStatement = {
    latido: 'opening',
    format: 1,
    shard: next.id,
    replica,
    epoch: next.epoch,
    openedAt: new Date().toISOString(),
    heads,
    ...(unproven && { unproven }),
  };
  const statement = JSON.stringify(opening);
  await client.query('INSERT INTO audit_keys (kid, public_key) VALUES ($1, $2) ON CONFLICT (kid) DO NOTHING', [
    key.kid,
    key.publicPem,
  ]);
  await client.query(
    'INSERT INTO audit_shards (id, replica, epoch, statement, kid, signature) VALUES ($1, $2, $3, $4, $5, $6)',
    [next.id, replica, next.epoch, statement, key.kid, key.sign(statement)],
  );
  return { id: next.id, opening: statementHash(statement) };
}
