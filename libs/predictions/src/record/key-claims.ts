/** Claims of Idempotency-Keys, decided inside the transaction that writes their records. */
import type pg from 'pg';
import type { PredictionRecord } from './prediction-record.js';

/** What is kept for a request that may be repeated. */
export interface KeyClaim {
  readonly userId: string;
  readonly key: string;
  readonly requestHash: string;
}

/** How long a key answers for its request. */
export const KEY_LIFETIME = "interval '24 hours'";

/** Decides in the transaction that writes a record whether it is written, and writes what belongs to it. */
export type RecordCondition = (client: pg.Client) => Promise<boolean>;

/**
 * Writes what belongs to records in the transaction that writes them, for all of a batch at once. The others of the batch wait for it and
 * fail with it, so that it must not wait for locks.
 */
export type RecordCompanion = (client: pg.Client, records: readonly PredictionRecord[]) => Promise<unknown>;

/** A record that is written only if its key is free and its condition holds, where it has them. */
export interface ClaimingRecord {
  readonly record: PredictionRecord;
  readonly claim: KeyClaim | undefined;
  readonly condition?: RecordCondition;
  /** The same function for all records of which it is to write at once. */
  readonly companion?: RecordCompanion;
}

/** A concurrent claim of the same key in another process is waited for. In the order of the keys, so that no two wait for each other. */
const CLAIM = `
  INSERT INTO idempotency_keys (user_id, key, request_hash, prediction_id)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS claim (user_id, key, request_hash, prediction_id)
   ORDER BY user_id, key
  ON CONFLICT (user_id, key) DO UPDATE
    SET request_hash = excluded.request_hash, prediction_id = excluded.prediction_id, created_at = now()
    WHERE idempotency_keys.created_at <= now() - ${KEY_LIFETIME}
  RETURNING prediction_id AS id`;

/** Claims the keys, asks the conditions and writes what belongs to the others; the entries that must not be written. */
export async function claim(client: pg.Client, entries: readonly ClaimingRecord[]): Promise<Set<ClaimingRecord>> {
  const losers = await claimKeys(client, entries);
  for (const entry of entries)
    if (entry.condition && !losers.has(entry) && !(await entry.condition(client))) losers.add(entry);
  const accompanied = new Map<RecordCompanion, PredictionRecord[]>();
  for (const entry of entries) {
    if (!entry.companion || losers.has(entry)) continue;
    const records = accompanied.get(entry.companion);
    if (records) records.push(entry.record);
    else accompanied.set(entry.companion, [entry.record]);
  }
  for (const [companion, records] of accompanied) await companion(client, records);
  return losers;
}

/** The entries whose key was taken. */
async function claimKeys(client: pg.Client, entries: readonly ClaimingRecord[]): Promise<Set<ClaimingRecord>> {
  const firsts = new Map<string, ClaimingRecord & { readonly claim: KeyClaim }>();
  const losers = new Set<ClaimingRecord>();
  for (const entry of entries) {
    const { claim } = entry;
    if (!claim) continue;
    const name = `${claim.userId} ${claim.key}`;
    // Of two that came together the first one has it.
    if (firsts.has(name)) losers.add(entry);
    else firsts.set(name, entry as ClaimingRecord & { readonly claim: KeyClaim });
  }
  const claiming = [...firsts.values()];
  if (claiming.length === 0) return losers;
  const { rows } = await client.query<{ id: string }>({
    name: 'claim-idempotency-keys',
    text: CLAIM,
    values: [
      claiming.map(({ claim }) => claim.userId),
      claiming.map(({ claim }) => claim.key),
      claiming.map(({ claim }) => claim.requestHash),
      claiming.map(({ record }) => record.id),
    ],
  });
  const won = new Set(rows.map(({ id }) => id));
  for (const entry of claiming) if (!won.has(entry.record.id)) losers.add(entry);
  return losers;
}
