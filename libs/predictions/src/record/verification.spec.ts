/** Whoever owns the database tampers with the record in every way; the verifier, which trusts no server, finds and names each. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { eventLeaves, SYSTEM, verifyRecord, type CheckpointLine, type VerifyOptions, type VerifyReport } from '#audit';
import { ownDatabase, type TestDatabase } from '../../../../test/setup/database.js';
import { predictionRecord as record } from '../../../../test/setup/prediction-record.js';
import { openRecord, type RecordWriters } from '../../../../test/setup/record.js';
import { eraseRows } from './content.js';
import type { PredictionRecord } from './prediction-record.js';
import { predictionLeaves } from './prediction-leaves.js';

interface Recorded {
  readonly database: TestDatabase;
  readonly publicKey: string;
  readonly checkpoints: readonly CheckpointLine[];
  readonly predictions: readonly PredictionRecord[];
  /** As the database's owner. */
  tamper(...statements: (string | [string, unknown[]])[]): Promise<void>;
  verify(options?: Partial<VerifyOptions>): Promise<VerifyReport>;
}

async function writeSome(writers: RecordWriters): Promise<PredictionRecord[]> {
  const predictions: PredictionRecord[] = [];
  for (let batch = 0; batch < 5; batch += 1) {
    const together = Array.from({ length: 4 }, (_, index) =>
      record({ rows: [`{"input":{"n":${batch * 4 + index}},"scores":[0.5],"label":"risk"}`] }),
    );
    await Promise.all(together.map((entry) => writers.recorder.record(entry)));
    await writers.trail.record({ actor: SYSTEM, action: 'plan.changed', target: { type: 'plan', id: `P${batch}` } });
    await writers.sealer.seal();
    predictions.push(...together);
  }
  return predictions;
}

/** Two processes that ran one after the other, and ended well. */
async function recorded(): Promise<Recorded> {
  const database = await ownDatabase();
  const first = await openRecord(database);
  const predictions = await writeSome(first);
  await first.checkpoints.write();
  const folder = first.config.dataDir.replace(/\/data$/, '');
  await first.close();
  const second = await openRecord(database, { folder });
  predictions.push(...(await writeSome(second)));
  await second.close();
  const checkpoints = readFileSync(second.config.audit.checkpoints.file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CheckpointLine);
  const publicKey = second.key.publicPem;
  return {
    database,
    publicKey,
    checkpoints,
    predictions,
    async tamper(...statements) {
      await asOwner(database, async (client) => {
        for (const statement of statements)
          await (typeof statement === 'string' ? client.query(statement) : client.query(...statement));
      });
    },
    verify: (options) =>
      asOwner(database, (client) =>
        verifyRecord(client, {
          sources: [predictionLeaves, eventLeaves],
          publicKeys: [publicKey],
          checkpoints,
          ...options,
        }),
      ),
  };
}

async function asOwner<T>(database: TestDatabase, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('the record of two processes', () => {
  it('holds when nobody has touched it, whoever reads it', async () => {
    const { verify, database, publicKey } = await recorded();
    const report = await verify();
    expect(report).toMatchObject({ holds: true, keys: 'given', chains: 2, findings: [], droppedBatches: 0 });
    expect(report.records).toEqual({
      predictions: { records: 40, unproven: 0, unsealed: 0 },
      events: { records: 10, unproven: 0, unsealed: 0 },
    });
    expect(report.checkpoints).toBeGreaterThan(1);
    expect((await verify({ publicKeys: [], checkpoints: [] })).keys).toBe('database');
    expect((await verify({ since: new Date(Date.now() - 60_000) })).holds).toBe(true);
    expect((await verify({ since: new Date(Date.now() + 60_000) })).findings).toEqual([]);
    const application = new pg.Client({ connectionString: database.url });
    await application.connect();
    const sources = [predictionLeaves, eventLeaves];
    expect((await verifyRecord(application, { sources, publicKeys: [publicKey] })).holds).toBe(true);
    await application.end();
  });
});

describe('tampering is found and named:', () => {
  it('a field of a prediction edited', async () => {
    const { predictions, tamper, verify } = await recorded();
    const [victim] = predictions.slice(5);
    await tamper([`UPDATE predictions SET user_id = gen_random_uuid() WHERE id = $1`, [victim!.id]]);
    expect((await verify()).findings).toEqual([
      expect.objectContaining({ code: 'record-altered', id: victim!.id, shard: 1, seq: 3 }),
    ]);
  });

  it('a field edited together with its leaf hash', async () => {
    const { predictions, tamper, verify } = await recorded();
    const [victim] = predictions.slice(5);
    await tamper([
      `UPDATE predictions SET request_id = 'another', leaf_hash = sha256('\\x00') WHERE id = $1`,
      [victim!.id],
    ]);
    const { findings } = await verify();
    expect(findings[0]).toMatchObject({ shard: 1, seq: 3, code: 'record-altered' });
  });

  it('the content of a prediction edited', async () => {
    const { predictions, tamper, verify } = await recorded();
    const [victim] = predictions.slice(7);
    await tamper([
      `UPDATE prediction_contents SET content = overlay(content PLACING '\\x39' FROM octet_length(content) - 25) WHERE id = $1`,
      [victim!.id],
    ]);
    expect((await verify()).findings).toEqual([expect.objectContaining({ code: 'record-altered', id: victim!.id })]);
  });

  it('the label by which a prediction is found', async () => {
    const { predictions, tamper, verify } = await recorded();
    const [victim] = predictions;
    await tamper([`UPDATE prediction_contents SET labels = '{no-risk}' WHERE id = $1`, [victim!.id]]);
    expect((await verify()).findings).toMatchObject([{ code: 'record-altered', id: victim!.id }]);
  });

  it('what computed a prediction', async () => {
    const { tamper, verify } = await recorded();
    await tamper(`UPDATE provenances SET version = '9.9.9'`);
    expect((await verify()).findings).toMatchObject(
      [{ code: 'record-altered', message: /The provenance/ }].map((f) => ({
        code: f.code,
        message: expect.stringMatching(f.message),
      })),
    );
  });

  it('a prediction deleted', async () => {
    const { predictions, tamper, verify } = await recorded();
    const { id } = predictions[6]!;
    await tamper(
      [`DELETE FROM predictions WHERE id = $1`, [id]],
      [`DELETE FROM prediction_contents WHERE id = $1`, [id]],
    );
    expect((await verify()).findings).toEqual([
      expect.objectContaining({
        code: 'record-deleted',
        shard: 1,
        seq: 3,
        message: expect.stringContaining('place 2') as string,
      }),
    ]);
  });

  it('the content of a prediction deleted', async () => {
    const { predictions, tamper, verify } = await recorded();
    const { id } = predictions[6]!;
    await tamper([`DELETE FROM prediction_contents WHERE id = $1`, [id]]);
    expect((await verify()).findings[0]).toMatchObject({ code: 'record-altered', id });
  });

  it('content erased as if by an act, without one', async () => {
    const { database, predictions, tamper, verify } = await recorded();
    const { id } = predictions[6]!;
    const content = await asOwner(database, async (client) => {
      const { rows } = await client.query<{ content: Buffer }>(
        'SELECT content FROM prediction_contents WHERE id = $1',
        [id],
      );
      return rows[0]!.content;
    });
    await tamper([
      `UPDATE prediction_contents SET content = $2, labels = NULL WHERE id = $1`,
      [id, eraseRows(content, new Set([0]))],
    ]);
    expect((await verify()).findings).toMatchObject([
      {
        code: 'record-altered',
        id,
        message: `What the prediction ${id} says in row 0 is gone, and no recorded act erased it.`,
      },
    ]);
  });

  it('two predictions that had their contents exchanged', async () => {
    const { predictions, tamper, verify } = await recorded();
    const [a, b] = predictions.slice(9);
    await tamper([
      `UPDATE prediction_contents AS c SET content = other.content FROM prediction_contents AS other
        WHERE (c.id, other.id) IN (($1, $2), ($2, $1))`,
      [a!.id, b!.id],
    ]);
    expect((await verify()).findings).toEqual([
      expect.objectContaining({
        code: 'records-exchanged',
        message: expect.stringContaining('had their contents exchanged') as string,
      }),
    ]);
  });

  it('two predictions that had their places exchanged', async () => {
    const { predictions, tamper, verify } = await recorded();
    const [a, b] = predictions.slice(9);
    await tamper([
      `UPDATE predictions AS p SET leaf = other.leaf FROM predictions AS other WHERE (p.id, other.id) IN (($1, $2), ($2, $1))`,
      [a!.id, b!.id],
    ]);
    const { findings } = await verify();
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'records-exchanged',
        message: expect.stringContaining('their places') as string,
      }),
    );
  });

  it('a prediction inserted', async () => {
    const { predictions, tamper, verify } = await recorded();
    const copy = (id: string): [string, unknown[]][] => [
      [
        `INSERT INTO predictions SELECT $1, user_id, api_key_id, admission_id, provenance_id, row_count, request_id, shard, seq, leaf, leaf_hash FROM predictions WHERE id = $2`,
        [id, predictions[6]!.id],
      ],
      [
        `INSERT INTO prediction_contents SELECT $1, content, labels FROM prediction_contents WHERE id = $2`,
        [id, predictions[6]!.id],
      ],
    ];
    const { id } = record();
    await tamper(...copy(id));
    expect((await verify()).findings).toContainEqual(expect.objectContaining({ code: 'record-altered', id }));
    await tamper([
      `UPDATE predictions SET shard = NULL, seq = NULL, leaf = NULL, leaf_hash = NULL WHERE id = $1`,
      [id],
    ]);
    expect((await verify()).findings).toMatchObject([{ code: 'record-unsealed' }]);
  });

  it('an audit event edited, deleted or inserted', async () => {
    const { database, tamper, verify } = await recorded();
    const ids = await asOwner(database, async (client) => {
      const { rows } = await client.query<{ id: string }>('SELECT id FROM audit_events ORDER BY id');
      return rows.map(({ id }) => id);
    });
    await tamper([`UPDATE audit_events SET details = '{"plan": "PREMIUM"}' WHERE id = $1`, [ids[1]]]);
    expect((await verify()).findings).toMatchObject([{ code: 'record-altered', id: ids[1], shard: 1, seq: 4 }]);
    await tamper([`UPDATE audit_events SET details = '{}' WHERE id = $1`, [ids[1]]]);
    expect((await verify()).holds).toBe(true);
    await tamper([
      `INSERT INTO audit_events SELECT record_id_floor(now()), now(), actor_kind, actor_id, action, target_type, 'P99', details, request_id, kid, signature FROM audit_events WHERE id = $1`,
      [ids[1]],
    ]);
    expect((await verify()).findings).toMatchObject([{ code: 'event-forged' }]);
    await tamper(`DELETE FROM audit_events WHERE target_id = 'P99'`, [
      `DELETE FROM audit_events WHERE id = $1`,
      [ids[1]],
    ]);
    expect((await verify()).findings.map(({ code }) => code)).toEqual(['record-deleted', 'record-deleted']);
    await tamper([`DELETE FROM audit_event_seals WHERE event_id = $1`, [ids[1]]]);
    expect((await verify()).findings).toMatchObject([{ code: 'record-deleted', shard: 1, seq: 4 }]);
  });

  it('the end of a chain cut off, with and without a checkpoint', async () => {
    const { tamper, verify } = await recorded();
    const cut = (shard: number): string[] => [
      `DELETE FROM prediction_contents WHERE id IN (SELECT id FROM predictions WHERE shard = ${shard} AND seq > 5)`,
      `DELETE FROM predictions WHERE shard = ${shard} AND seq > 5`,
      `DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_event_seals WHERE shard = ${shard} AND seq > 5)`,
      `DELETE FROM audit_event_seals WHERE shard = ${shard} AND seq > 5`,
      `DELETE FROM audit_batches WHERE shard = ${shard} AND seq > 5`,
    ];
    await tamper(...cut(2));
    expect((await verify()).findings).toMatchObject([{ code: 'chain-truncated', shard: 2, seq: 6 }]);
    // The last chain's end is what only a checkpoint elsewhere can prove.
    expect((await verify({ checkpoints: [] })).holds).toBe(true);
    await tamper(...cut(1));
    expect((await verify({ checkpoints: [] })).findings).toMatchObject([{ code: 'chain-truncated', shard: 1, seq: 6 }]);
  });

  it('a whole chain dropped', async () => {
    const { tamper, verify } = await recorded();
    const drop = (shard: number): string[] => [
      `DELETE FROM prediction_contents WHERE id IN (SELECT id FROM predictions WHERE shard = ${shard})`,
      `DELETE FROM predictions WHERE shard = ${shard}`,
      `DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_event_seals WHERE shard = ${shard})`,
      `DELETE FROM audit_event_seals WHERE shard = ${shard}`,
      `DELETE FROM audit_batches WHERE shard = ${shard}`,
      `DELETE FROM audit_shards WHERE id = ${shard}`,
    ];
    await tamper(...drop(1));
    expect((await verify({ checkpoints: [] })).findings).toMatchObject([{ code: 'chain-dropped', shard: 1 }]);
    await tamper(...drop(2));
    expect((await verify()).findings.map(({ code }) => code)).toEqual(['chain-dropped', 'chain-dropped']);
  });

  it('a batch in the middle deleted with its records', async () => {
    const { tamper, verify } = await recorded();
    await tamper(
      `DELETE FROM prediction_contents WHERE id IN (SELECT id FROM predictions WHERE shard = 1 AND seq = 5)`,
      `DELETE FROM predictions WHERE shard = 1 AND seq = 5`,
      `DELETE FROM audit_batches WHERE shard = 1 AND seq = 5`,
    );
    expect((await verify()).findings).toMatchObject([{ code: 'batch-missing', shard: 1, seq: 5 }]);
  });

  it('a field of a batch or of an opening edited', async () => {
    const { tamper, verify } = await recorded();
    await tamper(`UPDATE audit_batches SET sealed_at = sealed_at - interval '1 day' WHERE shard = 1 AND seq = 3`);
    expect((await verify()).findings[0]).toMatchObject({ code: 'batch-altered', shard: 1, seq: 3 });
    await tamper(
      `UPDATE audit_batches SET sealed_at = sealed_at + interval '1 day' WHERE shard = 1 AND seq = 3`,
      `UPDATE audit_batches SET signature = sha256('a') || sha256('b') WHERE shard = 2 AND seq = 4`,
    );
    expect((await verify()).findings).toMatchObject([{ code: 'batch-altered', shard: 2, seq: 4 }]);
    await tamper(`UPDATE audit_shards SET statement = replace(statement, 'test', 'other') WHERE id = 1`);
    expect((await verify()).findings[0]).toMatchObject({ code: 'opening-forged', shard: 1 });
  });

  it('a chain written anew with another key', async () => {
    const { database, tamper, verify } = await recorded();
    await tamper(
      'TRUNCATE predictions, prediction_contents, audit_events, audit_event_seals, audit_batches, audit_shards, audit_keys',
      'ALTER SEQUENCE audit_shards_id_seq RESTART',
    );
    const forger = await openRecord(database, { url: database.ownerUrl });
    await writeSome(forger);
    await forger.close();
    const { findings } = await verify();
    expect(findings).toContainEqual(expect.objectContaining({ code: 'opening-forged', shard: 1 }));
    expect(findings).toContainEqual(expect.objectContaining({ code: 'batch-forged', shard: 1, seq: 1 }));
    // With the key from the database it would pass, but for the checkpoints.
    expect((await verify({ publicKeys: [], checkpoints: [] })).holds).toBe(true);
    expect((await verify({ publicKeys: [] })).holds).toBe(false);
  });

  it('a chain forked by whoever has the key', async () => {
    const { database, tamper, verify } = await recorded();
    await expect(
      tamper(`INSERT INTO audit_batches SELECT * FROM audit_batches WHERE shard = 1 AND seq = 3`),
    ).rejects.toThrow('pk_audit_batches');
    await tamper(
      'ALTER TABLE audit_batches DROP CONSTRAINT pk_audit_batches',
      `INSERT INTO audit_batches SELECT shard, seq, kind, count, sha256('x'), previous, head, sealed_at, kid, signature FROM audit_batches WHERE shard = 1 AND seq = 3`,
    );
    expect((await verify()).findings).toContainEqual(
      expect.objectContaining({ code: 'batch-forked', shard: 1, seq: 3 }),
    );
    await asOwner(database, (client) => client.query('SELECT 1'));
  });

  it('a checkpoint edited', async () => {
    const { checkpoints, verify } = await recorded();
    const [first] = checkpoints;
    const edited = { ...first!, statement: first!.statement.replace(/"seq":\d+/, '"seq":1') };
    expect((await verify({ checkpoints: [edited] })).findings).toMatchObject([{ code: 'checkpoint-forged' }]);
  });
});
