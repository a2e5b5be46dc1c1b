/** Batches as a process does them, put into the database as an upload would have. */
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ModelCatalogue } from '#models';
import { newId } from '#platform';
import { ownDatabase } from '../../../../../test/setup/database.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../../test/setup/prediction-server.js';
import { BatchRepository, type NewBatch } from './batch.repository.js';

const HEADER = 'cholesterol,systolicPressure,glucose,age,overweight,smoker';
const ROW = '2.45,1.35,1.75,68,0,0';

const database = await ownDatabase();
let server: PredictionServer;
let user: TestUser;
let batches: BatchRepository;
let owner: pg.Client;

beforeAll(async () => {
  server = await startPredictionServer(database);
  user = await server.user();
  batches = server.app.get(BatchRepository);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await server.close();
});

async function receive(text: string, as = user, change: Partial<NewBatch> = {}): Promise<string> {
  const id = newId();
  const { version, id: versionId } = await server.app.get(ModelCatalogue).serving('cardiac-risk', undefined, 'user');
  await batches.create({
    id,
    userId: as.id,
    apiKeyId: null,
    admissionId: newId(),
    requestId: 'r-1',
    modelName: 'cardiac-risk',
    version,
    versionId,
    charset: null,
    onError: 'continue',
    expiresAt: new Date(Date.now() + 3_600_000),
    ...change,
  });
  await batches.addInput(id, 0, Buffer.from(text));
  return id;
}

async function queue(text: string, as = user, change: Partial<NewBatch> = {}): Promise<string> {
  const id = await receive(text, as, change);
  await batches.queue(id, Buffer.byteLength(text));
  return id;
}

async function ended(id: string): Promise<object> {
  await expect.poll(async () => (await batches.find(id))?.finishedAt).toBeInstanceOf(Date);
  return (await batches.find(id))!;
}

describe('a batch', () => {
  it('with text that Postgres does not store fails by a fault of its file, and the process goes on', async () => {
    const id = await queue(`${HEADER},no\0te\n${ROW},x\n`);
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'FILE_INVALID' } });
  });

  it('takes its rows of the day once, however often they could not be recorded', async () => {
    const small = await server.user({ plan: 'SMALL' });
    const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await owner.query(`ALTER TABLE prediction_subjects ADD CONSTRAINT none_now CHECK (subject <> 'away') NOT VALID`);
    const id = await queue(`${HEADER},subject\n${`${ROW},away\n`.repeat(4)}`, small);
    await expect.poll(() => logged.mock.calls.length).toBeGreaterThan(0);
    await owner.query('ALTER TABLE prediction_subjects DROP CONSTRAINT none_now');
    logged.mockRestore();
    expect(await ended(id)).toMatchObject({ status: 'succeeded', rowsDone: 4, rowsRejected: 0 });
  });

  it('whose time is over is not begun and forgotten, but for one that a process still has', async () => {
    const over = { expiresAt: new Date(Date.now() - 1_000) };
    const waiting = await queue(`${HEADER}\n${ROW}\n`, user, over);
    const running = await receive(`${HEADER}\n${ROW}\n`, user, over);
    await owner.query(
      `UPDATE batches SET status = 'running', worker = id, lease_until = now() + interval '1 minute' WHERE id = $1`,
      [running],
    );
    expect(await batches.claim(waiting, newId())).toBeUndefined();
    expect(await batches.waiting(1_000)).not.toContain(waiting);
    const left = async (): Promise<object[]> =>
      (await owner.query<object>('SELECT id FROM batches WHERE id = ANY($1)', [[waiting, running]])).rows;
    await batches.forgetExpired();
    expect(await left()).toEqual([{ id: running }]);
    await owner.query(`UPDATE batches SET lease_until = now() - interval '1 second' WHERE id = $1`, [running]);
    await batches.forgetExpired();
    expect(await left()).toEqual([]);
  });

  it('of a version that was retired while it waited predicts nothing', async () => {
    const id = await receive(`${HEADER}\n${ROW}\n`);
    const setStatus = (status: string): Promise<unknown> =>
      owner.query(`UPDATE model_versions SET status = $1 WHERE model_name = 'cardiac-risk'`, [status]);
    await setStatus('retired');
    await batches.queue(id, 100);
    const batch = await ended(id);
    await setStatus('verified');
    expect(batch).toMatchObject({ status: 'failed', rowsDone: 0, error: { code: 'VERSION_NOT_FOUND' } });
  });

  it('that fails by a fault of the server leaves in the log why, without what its rows say', async () => {
    const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await owner.query(`ALTER TABLE batches ADD CONSTRAINT no_note CHECK (result_header NOT LIKE '%SECRET%') NOT VALID`);
    const id = await queue(`SECRET,${HEADER}\nx,${ROW}\n`);
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'INTERNAL' } });
    await owner.query('ALTER TABLE batches DROP CONSTRAINT no_note');
    const lines = JSON.stringify(logged.mock.calls, (_, value: unknown) =>
      value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value,
    );
    logged.mockRestore();
    for (const told of ['23514', 'no_note', 'batch.repository', id]) expect(lines).toContain(told);
    expect(lines).not.toContain('SECRET');
  });

  it('is refused to who has ten that wait or are being done, until one of them has ended', async () => {
    const busy = await server.user();
    const ids = await Promise.all(Array.from({ length: 10 }, () => receive(`${HEADER}\n${ROW}\n`, busy)));
    await owner.query(
      `UPDATE batches SET status = 'running', worker = id, lease_until = now() + interval '1 minute' WHERE id = ANY($1)`,
      [ids],
    );
    const send = (): ReturnType<PredictionServer['sendTo']> =>
      server.sendTo(busy, '/v1/models/cardiac-risk/batches', `${HEADER}\n${ROW}\n`, { 'content-type': 'text/csv' });
    expect((await send()).json()).toMatchObject({ status: 429, code: 'BATCHES_EXCEEDED' });
    expect(await batches.cancel(ids[0]!)).toBe(true);
    expect((await send()).statusCode).toBe(202);
  });
});
