/** The recorder on a real Postgres that is slow or refuses. */
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DataSource } from 'typeorm';
import { createDataSource, Metrics, newId } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { predictionRecord as record } from '../../../test/setup/prediction-record.js';
import { PredictionRecorder } from './prediction-recorder.js';
import { Prediction } from './prediction.entity.js';
import { RecordRepository } from './record.repository.js';

const database = await ownDatabase();

let dataSource: DataSource;
let owner: pg.Client;

beforeAll(async () => {
  dataSource = await createDataSource({ url: database.url, poolSize: 4 }, { entities: [Prediction] }).initialize();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await dataSource.destroy();
  await owner.end();
});

async function recordedCount(): Promise<number> {
  const { rows } = await owner.query<{ count: number }>('SELECT count(*)::int AS count FROM predictions');
  return rows[0]!.count;
}

describe('the recorder', () => {
  it('commits records that come together in few statements, each acknowledged when it is there', async () => {
    const metrics = new Metrics();
    const recorder = new PredictionRecorder(new RecordRepository(dataSource), metrics);
    const before = await recordedCount();
    await Promise.all(Array.from({ length: 1_200 }, () => recorder.record(record())));
    expect(await recordedCount()).toBe(before + 1_200);
    const flushes = /latido_recorder_flush_seconds_count (\d+)/.exec(await metrics.registry.metrics());
    expect(Number(flushes![1])).toBe(3);
  });

  it('refuses at once what would not fit in memory while the database is slow, and records the rest', async () => {
    const metrics = new Metrics();
    const recorder = new PredictionRecorder(new RecordRepository(dataSource), metrics);
    const before = await recordedCount();
    const large = `[{"note":"${'x'.repeat(1024 * 1024)}"}]`;
    await owner.query('BEGIN; LOCK TABLE predictions IN ACCESS EXCLUSIVE MODE');
    const refusals: unknown[] = [];
    const all = Array.from({ length: 70 }, () =>
      recorder.record(record({ inputs: large })).catch((error: unknown) => refusals.push(error)),
    );
    await expect.poll(() => refusals.length).toBe(7);
    expect(refusals.at(-1)).toMatchObject({
      kind: { code: 'RECORD_OVERLOADED', status: 503 },
      extra: { headers: { 'retry-after': '1' } },
    });
    await expect(
      recorder.recordUnderKey(record({ inputs: large }), { userId: newId(), key: 'k', requestHash: 'h' }),
    ).rejects.toMatchObject({ kind: { code: 'RECORD_OVERLOADED' } });
    expect(await metrics.registry.metrics()).toContain('latido_recorder_queue 63');
    await owner.query('COMMIT');
    await Promise.all(all);
    await recorder.onApplicationShutdown();
    expect(await recordedCount()).toBe(before + 63);
    expect(await metrics.registry.metrics()).toContain('latido_recorder_queue 0');
  });

  it('says 503 when the database refuses a record, and logs why without a patient’s values', async () => {
    const recorder = new PredictionRecorder(new RecordRepository(dataSource), new Metrics());
    const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await expect(
      recorder.record(record({ subjects: ['P-SECRET'], inputs: '{"age": VALUE-SECRET' })),
    ).rejects.toMatchObject({
      kind: { code: 'RECORD_UNAVAILABLE', status: 503 },
      extra: { headers: { 'retry-after': '2' } },
    });
    expect(logged).toHaveBeenCalledOnce();
    const line = JSON.stringify(logged.mock.calls);
    expect(line).toContain('22P02');
    expect(line).not.toMatch(/SECRET/);
    logged.mockRestore();
    await recorder.record(record());
  });
});
