/** The record on a real Postgres: what is written is what is read, and nothing can be changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, idTime, newId } from '#platform';
import { User } from '#users';
import { ownDatabase } from '../../../../test/setup/database.js';
import { predictionRecord as record, PROVENANCE } from '../../../../test/setup/prediction-record.js';
import { openRecord, type RecordWriters } from '../../../../test/setup/record.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { withId } from './provenance.js';

const database = await ownDatabase();

let writers: RecordWriters;

beforeAll(async () => {
  writers = await openRecord(database);
});

afterAll(() => writers.close());

describe('the record of predictions', () => {
  it('keeps every field of records of unequal sizes written together', async () => {
    const one = record();
    const subjects = ['plain', null, 'NULL', '', 'a,"b"\\{c}', 'ärztin 😀\n'];
    const contents = subjects.map((subject, age) => ({
      subject,
      input: { age, note: 'ß\u0000' },
      scores: [Math.fround(age / 7), 1e-40],
      label: age % 2 ? 'a' : 'NULL',
    }));
    const many = record({
      apiKeyId: newId(),
      subjects,
      rows: contents.map((content) => JSON.stringify(content)),
      labels: contents.map(({ label }) => label),
      provenance: withId({ ...PROVENANCE, notice: 'not for\nclinical use' }),
    });
    const regression = record({ labels: null, rows: ['{"input":{"age":1},"scores":[4.5]}'] });
    await Promise.all([one, many, regression].map((entry) => writers.recorder.record(entry)));

    for (const written of [one, many, regression]) {
      expect(await writers.predictions.find(written.id)).toEqual({
        ...written.provenance,
        id: written.id,
        userId: written.userId,
        apiKeyId: written.apiKeyId,
        admissionId: written.admissionId,
        requestId: written.requestId,
        rowCount: written.rows.length,
        createdAt: idTime(written.id),
        admittedAt: idTime(written.admissionId),
        rows: written.rows.map((row) => JSON.parse(row) as unknown),
      });
    }
    expect(await writers.predictions.find(newId())).toBeUndefined();
  });

  it('cannot be changed or deleted by the application', async () => {
    const written = record({ subjects: ['P-1'] });
    await writers.recorder.record(written);
    const app = writers.dataSource;
    for (const table of ['predictions', 'prediction_contents', 'audit_batches', 'audit_shards', 'audit_event_seals']) {
      const [column] = await app.query<{ name: string }[]>(
        `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1`,
        [table],
      );
      await expect(app.query(`UPDATE ${table} SET ${column!.name} = ${column!.name}`)).rejects.toThrow(
        'permission denied',
      );
      await expect(app.query(`DELETE FROM ${table}`)).rejects.toThrow('permission denied');
      await expect(app.query(`TRUNCATE ${table}`)).rejects.toThrow('permission denied');
    }
    const partitions = await app.query<{ name: string }[]>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'predictions'::regclass`,
    );
    expect(partitions.length).toBeGreaterThan(12);
    for (const { name } of partitions)
      await expect(app.query(`DELETE FROM ${name}`)).rejects.toThrow('permission denied');
    await expect(app.query(`DROP TABLE ${partitions[0]!.name}`)).rejects.toThrow('must be owner');
  });

  it('finds what a filter means, newest first', async () => {
    const userId = newId();
    const other = withId({ ...PROVENANCE, version: '2.0.0' });
    const written = [
      record({ userId, subjects: ['P-1'] }),
      record({ userId, labels: ['no-risk'], provenance: other, rows: ['{"input":{},"scores":[0],"label":"no-risk"}'] }),
      record({ userId, subjects: ['P-2', 'P-1'], labels: ['a', 'a'], rows: ['{"input":{}}', '{"input":{}}'] }),
    ];
    for (const entry of written) await writers.recorder.record(entry);
    const [first, second, third] = written.map(({ id }) => id);
    const ids = async (selection: Parameters<typeof writers.predictions.select>[1]): Promise<string[]> =>
      (await writers.predictions.select(userId, { userId, ...selection }, 10)).rows.map(({ id }) => id);
    expect(await ids({})).toEqual([third, second, first]);
    expect(await ids({ subject: 'P-1' })).toEqual([third, first]);
    expect(await ids({ label: 'no-risk' })).toEqual([second]);
    expect(await ids({ version: '1.0.0' })).toEqual([third, first]);
    expect(await ids({ model: 'another' })).toEqual([]);
    expect(await ids({ before: third })).toEqual([second, first]);
    expect(await ids({ from: new Date(idTime(first!).getTime() + 60_000) })).toEqual([]);
    const [summary] = (await writers.predictions.select(userId, { userId }, 1)).rows;
    expect(summary).toMatchObject({ labels: { a: 2 }, row: null, rowCount: 2 });
    const [notShown] = (await writers.predictions.select(newId(), { userId }, 1)).rows;
    expect(notShown).toMatchObject({ labels: null, row: null });
  });

  it('looks for a label among so many at a time, and says how far it came', async () => {
    const userId = newId();
    const written = ['risk', 'no-risk', 'no-risk', 'no-risk'].map((label) =>
      record({ userId, labels: [label], rows: [JSON.stringify({ input: {}, scores: [1], label })] }),
    );
    for (const entry of written) await writers.recorder.record(entry);
    const [rare, , second] = written.map(({ id }) => id);
    const search = async (label: string, before?: string): Promise<unknown[]> => {
      const { rows, searchedTo } = await writers.predictions.select(userId, { userId, label, before }, 2, 2);
      return [rows.map(({ id }) => id), searchedTo];
    };
    expect(await search('risk')).toEqual([[], second]);
    expect(await search('risk', second)).toEqual([[rare], rare]);
    expect(await search('risk', rare)).toEqual([[], null]);
    expect(await search('no-risk')).toEqual([[written[3]!.id, second], null]);
  });
});

describe('idempotency keys', () => {
  it('are forgotten when their 24 hours are over, and not before', async () => {
    const userId = newId();
    const entities = [IdempotencyKey, User];
    const dataSource = await createDataSource({ url: database.url, poolSize: 2 }, { entities }).initialize();
    await dataSource.query(`INSERT INTO users (id, username, username_key) VALUES ($1, 'keyed', 'keyed')`, [userId]);
    for (const key of ['old', 'young']) {
      const claim = { userId, key, requestHash: 'h' };
      expect(await writers.recorder.recordUnderKey(record({ userId }), claim)).toBe(true);
    }
    const keys = new IdempotencyRepository(dataSource);
    await dataSource.query(`UPDATE idempotency_keys SET created_at = now() - interval '24 hours' WHERE key = 'old'`);
    expect(await keys.forgetExpired()).toBe(1);
    expect(await dataSource.query('SELECT key FROM idempotency_keys WHERE user_id = $1', [userId])).toEqual([
      { key: 'young' },
    ]);
    await dataSource.destroy();
  });

  it('let one of those win that come together, and the others write nothing', async () => {
    const userId = newId();
    await writers.dataSource.query(`INSERT INTO users (id, username, username_key) VALUES ($1, 'many', 'many')`, [
      userId,
    ]);
    const second = await openRecord(database);
    const claim = { userId, key: 'k', requestHash: 'h' };
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? writers : second).recorder.recordUnderKey(record({ userId }), claim),
      ),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect((await writers.predictions.select(userId, { userId }, 10)).rows).toHaveLength(1);
    await second.close();
  });
});
