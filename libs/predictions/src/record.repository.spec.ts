/** The record on a real Postgres: what is written is what is read, and nothing can be changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { createDataSource, newId } from '#platform';
import { User } from '#users';
import { ownDatabase } from '../../../test/setup/database.js';
import { predictionRecord as record } from '../../../test/setup/prediction-record.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { Prediction } from './prediction.entity.js';
import { PredictionRepository } from './prediction.repository.js';
import { RecordRepository } from './record.repository.js';

const database = await ownDatabase();

let dataSource: DataSource;
let records: RecordRepository;
let predictions: PredictionRepository;

beforeAll(async () => {
  const entities = [Prediction, IdempotencyKey, User];
  dataSource = await createDataSource({ url: database.url, poolSize: 4 }, { entities }).initialize();
  records = new RecordRepository(dataSource);
  predictions = new PredictionRepository(dataSource);
});

afterAll(() => dataSource.destroy());

describe('the record of predictions', () => {
  it('keeps every field of records of unequal sizes written together', async () => {
    const one = record();
    const many = record({
      apiKeyId: newId(),
      subjects: ['plain', null, 'NULL', '', 'a,"b"\\{c}', 'ärztin 😀\n'],
      rowCount: 6,
      inputs: JSON.stringify(Array.from({ length: 6 }, (_, age) => ({ age }))),
      scores: JSON.stringify(Array.from({ length: 6 }, (_, index) => [Math.fround(index / 7), 1e-40])),
      labels: ['a', 'b', 'NULL', 'a', 'a', 'b'],
      notice: 'not for clinical use',
    });
    const regression = record({ labels: null });
    await records.insertMany([one, many, regression]);

    for (const written of [one, many, regression]) {
      expect(await predictions.find(written.id)).toEqual({
        ...written,
        inputs: JSON.parse(written.inputs),
        scores: JSON.parse(written.scores),
        admittedAt: new Date(written.admittedAt),
        createdAt: new Date(written.createdAt),
      });
    }
  });

  it('writes all records of a batch or none', async () => {
    const good = record();
    await expect(records.insertMany([good, record({ inputs: 'not json' })])).rejects.toThrow();
    expect(await predictions.find(good.id)).toBeNull();
  });

  it('cannot be changed or deleted by the application', async () => {
    const written = record();
    await records.insertMany([written]);
    await expect(dataSource.query('UPDATE predictions SET labels = NULL WHERE id = $1', [written.id])).rejects.toThrow(
      'permission denied',
    );
    await expect(dataSource.query('DELETE FROM predictions WHERE id = $1', [written.id])).rejects.toThrow(
      'permission denied',
    );
  });

  it('finds a row without reading the others', async () => {
    const written = record({
      rowCount: 2,
      inputs: '[{"age":1},{"age":2}]',
      scores: '[[0.25],[0.5]]',
      subjects: ['a', null],
    });
    await records.insertMany([written]);
    expect(await predictions.findRow(written.id, 0)).toMatchObject({ subject: 'a', input: { age: 1 }, scores: [0.25] });
    expect(await predictions.findRow(written.id, 1)).toMatchObject({ subject: null, input: { age: 2 }, scores: [0.5] });
    expect(await predictions.findRow(written.id, 2)).toBeUndefined();
    expect(await predictions.findRow(newId(), 0)).toBeUndefined();
  });

  it('counts the rows of a list by their label', async () => {
    const written = record({ rowCount: 3, labels: ['a', 'b', 'a'] });
    await records.insertMany([written]);
    const [own] = await predictions.select(written.userId, { userId: written.userId }, 10);
    expect(own).toMatchObject({ id: written.id, labels: { a: 2, b: 1 }, subject: null, scores: null });
  });
});

describe('idempotency keys', () => {
  it('are forgotten when their 24 hours are over, and not before', async () => {
    const userId = newId();
    await dataSource.query(`INSERT INTO users (id, username, username_key) VALUES ($1, 'keyed', 'keyed')`, [userId]);
    for (const key of ['old', 'young']) {
      expect(await records.insertUnderKey(record({ userId }), { userId, key, requestHash: 'h' })).toBe(true);
    }
    const keys = new IdempotencyRepository(dataSource);
    await dataSource.query(`UPDATE idempotency_keys SET created_at = now() - interval '24 hours' WHERE key = 'old'`);
    expect(await keys.forgetExpired()).toBe(1);
    expect(await dataSource.query('SELECT key FROM idempotency_keys WHERE user_id = $1', [userId])).toEqual([
      { key: 'young' },
    ]);
  });
});
