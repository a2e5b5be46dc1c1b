/** Batches in the database. Whoever changes one says what it must still be, so that of two who think that it is theirs one is right. */
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { pool } from '#platform';
import { BatchEntity, type BatchError, type SeenStatus } from './batch.entities.js';

/** A process that has not been heard of for so long has lost its batches. */
const LEASE = "interval '6 seconds'";
/** An upload that is not done by then never will be. */
const UPLOAD_LIFETIME = "interval '6 hours'";

export type NewBatch = Pick<
  BatchEntity,
  | 'id'
  | 'userId'
  | 'apiKeyId'
  | 'admissionId'
  | 'requestId'
  | 'modelName'
  | 'version'
  | 'versionId'
  | 'charset'
  | 'onError'
  | 'expiresAt'
>;

export interface BatchSelection {
  /** Only this user's. */
  readonly userId?: string;
  readonly model?: string;
  readonly status?: SeenStatus;
  /** Older than this batch. */
  readonly before?: string;
}

/** What a chunk adds to its batch. */
export interface ChunkDone {
  readonly batchId: string;
  readonly worker: string;
  readonly number: number;
  readonly rows: number;
  readonly rejected: number;
  /** Bytes of the file that were read for it and all before it, about. */
  readonly readBytes: number;
  readonly csv: Uint8Array;
}

type Run = (text: string, values: unknown[]) => Promise<{ rows: unknown[] }>;

/** Progress and result of one chunk, if it is the next one and the batch still belongs to this process: one statement, all or nothing. */
const ADD_CHUNK = `
  WITH progress AS (
    UPDATE batches SET chunks = chunks + 1, rows_done = rows_done + $4, rows_rejected = rows_rejected + $5, read_bytes = $6,
           lease_until = now() + ${LEASE}
     WHERE id = $1 AND worker = $2 AND status = 'running' AND chunks = $3
    RETURNING id
  )
  INSERT INTO batch_results (batch_id, number, bytes) SELECT id, $3, $7 FROM progress RETURNING number`;

@Injectable()
export class BatchRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** A batch whose file is still to come. */
  async create(batch: NewBatch): Promise<void> {
    await this.dataSource.getRepository(BatchEntity).insert({ ...batch, status: 'receiving' });
  }

  async addInput(batchId: string, number: number, bytes: Buffer): Promise<void> {
    await this.run('INSERT INTO batch_inputs (batch_id, number, bytes) VALUES ($1, $2, $3)', [batchId, number, bytes]);
  }

  /** The file is there. */
  async queue(id: string, inputBytes: number): Promise<void> {
    await this.run(`UPDATE batches SET status = 'queued', input_bytes = $2 WHERE id = $1 AND status = 'receiving'`, [
      id,
      inputBytes,
    ]);
  }

  async remove(id: string): Promise<void> {
    await this.run('DELETE FROM batches WHERE id = $1', [id]);
  }

  /** Not one that is still being received, or whose time is over. */
  async find(id: string): Promise<BatchEntity | null> {
    return this.seen().andWhere('batch.id = :id', { id }).getOne();
  }

  /** At most `count` batches, newest first; the same are left out. */
  select({ userId, model, status, before }: BatchSelection, count: number): Promise<BatchEntity[]> {
    const select = this.seen().orderBy('batch.id', 'DESC').take(count);
    if (userId !== undefined) select.andWhere('batch.userId = :userId', { userId });
    if (model !== undefined) select.andWhere('batch.modelName = :model', { model });
    if (status !== undefined) select.andWhere('batch.status = :status', { status });
    if (before !== undefined) select.andWhere('batch.id < :before', { before });
    return select.getMany();
  }

  async input(batchId: string, number: number): Promise<Buffer | undefined> {
    return this.piece('batch_inputs', batchId, number);
  }

  async result(batchId: string, number: number): Promise<Buffer | undefined> {
    return this.piece('batch_results', batchId, number);
  }

  /** Takes the batch for this process; undefined where it is another's, has ended, or its time is over. */
  async claim(id: string, worker: string): Promise<BatchEntity | undefined> {
    const { rows } = await this.run(
      `UPDATE batches SET status = 'running', worker = $2, lease_until = now() + ${LEASE}, started_at = COALESCE(started_at, now()),
              run_started_at = now(), run_rows = rows_done, run_bytes = read_bytes
        WHERE id = $1 AND expires_at > now()
          AND (status = 'queued' OR status = 'running' AND (lease_until < now() OR worker = $2)) RETURNING id`,
      [id, worker],
    );
    return rows.length === 0 ? undefined : ((await this.find(id)) ?? undefined);
  }

  /** Says that this process is still at it; false where it has no business to be. */
  async renew(id: string, worker: string): Promise<boolean> {
    const { rows } = await this.run(
      `UPDATE batches SET lease_until = now() + ${LEASE} WHERE id = $1 AND worker = $2 AND status = 'running' RETURNING id`,
      [id, worker],
    );
    return rows.length > 0;
  }

  async setHeader(id: string, worker: string, header: string): Promise<void> {
    await this.run('UPDATE batches SET result_header = $3 WHERE id = $1 AND worker = $2', [id, worker, header]);
  }

  /** In the transaction that records the chunk's rows. False where the chunk is not this process's to add. */
  async addChunkWith(client: pg.Client, chunk: ChunkDone): Promise<boolean> {
    return addChunk((text, values) => client.query({ name: 'add-batch-chunk', text, values }), chunk);
  }

  /** A chunk of which no row was recorded. */
  async addChunk(chunk: ChunkDone): Promise<boolean> {
    return addChunk((text, values) => this.run(text, values), chunk);
  }

  /** The batch has ended, and its file goes. */
  async finish(id: string, worker: string, status: 'succeeded' | 'failed', error?: BatchError): Promise<void> {
    await this.end(`id = $1 AND worker = $3 AND status = 'running'`, [id, status, worker], error);
  }

  /** False where it has ended already. */
  async cancel(id: string): Promise<boolean> {
    return this.end(`id = $1 AND status IN ('queued', 'running')`, [id, 'cancelled']);
  }

  /** Gives the batch back for somebody else to go on with. */
  async release(id: string, worker: string): Promise<void> {
    await this.run(
      `UPDATE batches SET status = 'queued', worker = NULL, lease_until = NULL WHERE id = $1 AND worker = $2 AND status = 'running'`,
      [id, worker],
    );
  }

  /** Batches of the user's that wait or are being done. */
  async countOpen(userId: string): Promise<number> {
    const { rows } = await this.run(
      `SELECT count(*)::int AS count FROM batches
        WHERE user_id = $1 AND expires_at > now() AND status IN ('queued', 'running')`,
      [userId],
    );
    return (rows[0] as { count: number }).count;
  }

  /** Takes batches back from processes that have not been heard of; ids of the oldest of those and of all that nobody has begun with. */
  async waiting(most: number): Promise<string[]> {
    const { rows } = await this.run(
      `WITH lost AS (
         UPDATE batches SET status = 'queued', worker = NULL, lease_until = NULL
          WHERE status = 'running' AND lease_until < now() AND expires_at > now() RETURNING id, created_at
       )
       SELECT id, created_at FROM lost UNION ALL SELECT id, created_at FROM batches WHERE status = 'queued' AND expires_at > now()
        ORDER BY created_at, id LIMIT $1`,
      [most],
    );
    return rows.map((row) => (row as { id: string }).id);
  }

  /** Forgets batches whose time is over, also those that nobody came to, and uploads that nobody finished; how many. */
  async forgetExpired(): Promise<number> {
    const { rows } = await this.run(
      `DELETE FROM batches WHERE expires_at <= now() AND (lease_until IS NULL OR lease_until < now())
          OR status = 'receiving' AND created_at < now() - ${UPLOAD_LIFETIME} RETURNING id`,
      [],
    );
    return rows.length;
  }

  /** Batches that are there as a whole, and whose time is not over. */
  private seen(): SelectQueryBuilder<BatchEntity> {
    return this.dataSource
      .createQueryBuilder(BatchEntity, 'batch')
      .where(`batch.status <> 'receiving' AND batch.expiresAt > now()`);
  }

  private async end(condition: string, values: unknown[], error?: BatchError): Promise<boolean> {
    const at = `$${values.length + 1}`;
    const { rows } = await this.run(
      `WITH ended AS (
         UPDATE batches SET status = $2, finished_at = now(), worker = NULL, lease_until = NULL, error = ${at}::jsonb
          WHERE ${condition} RETURNING id
       ), emptied AS (
         DELETE FROM batch_inputs WHERE batch_id IN (SELECT id FROM ended)
       )
       SELECT id FROM ended`,
      [...values, error ? JSON.stringify(error) : null],
    );
    return rows.length > 0;
  }

  private async piece(
    table: 'batch_inputs' | 'batch_results',
    batchId: string,
    number: number,
  ): Promise<Buffer | undefined> {
    const { rows } = await this.run(`SELECT bytes FROM ${table} WHERE batch_id = $1 AND number = $2`, [
      batchId,
      number,
    ]);
    return (rows[0] as { bytes: Buffer } | undefined)?.bytes;
  }

  private run(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
    return pool(this.dataSource).query(text, values);
  }
}

async function addChunk(run: Run, chunk: ChunkDone): Promise<boolean> {
  const { batchId, worker, number, rows, rejected, readBytes, csv } = chunk;
  const added = await run(ADD_CHUNK, [
    batchId,
    worker,
    number,
    rows,
    rejected,
    readBytes,
    Buffer.from(csv.buffer, csv.byteOffset, csv.byteLength),
  ]);
  return added.rows.length > 0;
}
