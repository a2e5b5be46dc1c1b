/**
 * Predictions over HTTP on a real Postgres with the shipped cardiac model: asked for, recorded, answered, repeated,
 * refused.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idTime, type ProblemDto } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { databaseProxy, type DatabaseProxy } from '../../../test/setup/database-proxy.js';
import { startPredictionServer, type PredictionServer } from '../../../test/setup/prediction-server.js';
import { awaitedWithinProcessorMs } from '../../../test/setup/processor-time.js';
import { PATIENT } from '../../../test/setup/patient.js';
import type { PredictionAnswer } from './prediction-answer.js';

const database = await ownDatabase();

let server: PredictionServer;
let proxy: DatabaseProxy;
let owner: pg.Client;

beforeAll(async () => {
  proxy = await databaseProxy(database.url);
  server = await startPredictionServer({ ...database, url: proxy.url });
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await server.close();
  await proxy.cut();
  await owner.end();
});

async function countOf(userId: string): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM predictions WHERE user_id = $1',
    [userId],
  );
  return rows[0]!.count;
}

describe('a prediction', () => {
  it('is answered with its label and probabilities, where it is to be found, and where the time went', async () => {
    const user = await server.user();
    const answer = await server.predict(user, { input: PATIENT, subject: 'P-17' });
    expect(answer.statusCode).toBe(201);
    const body = answer.json<PredictionAnswer>();
    expect(Object.keys(body)).toEqual(['id', 'model', 'version', 'subject', 'createdAt', 'notice', 'results']);
    expect(body).toMatchObject({
      model: 'cardiac-risk',
      version: '1.0.0',
      subject: 'P-17',
      notice: 'Trained on synthetic data; not for clinical use',
    });
    const [result] = body.results as { label: string; probability: number; probabilities: Record<string, number> }[];
    expect(result!.label).toBe(result!.probabilities.risk! >= 0.5 ? 'risk' : 'no-risk');
    expect(result!.probability).toBe(result!.probabilities[result!.label]);
    expect(result!.probabilities.risk! + result!.probabilities['no-risk']!).toBeCloseTo(1, 12);
    expect(answer.headers.location).toBe(`/v1/predictions/${body.id}`);
    expect(answer.headers['server-timing']).toMatch(
      /quota;dur=[\d.]+, validate;dur=[\d.]+, infer;dur=[\d.]+, record;dur=[\d.]+$/,
    );
    expect(answer.headers['ratelimit']).toBeDefined();
  });

  it('is recorded with who asked, what for, what computed it and when it was admitted', async () => {
    const user = await server.user();
    const answer = await server.predict(user, { input: PATIENT, subject: 'P-18' }, { 'x-request-id': 'req-18' });
    const body = answer.json<PredictionAnswer>();
    const { rows } = await owner.query(
      `SELECT p.*, v.*, c.labels, convert_from(substring(c.content FROM 21), 'UTF8')::json AS content
         FROM predictions AS p JOIN provenances AS v ON v.id = p.provenance_id JOIN prediction_contents AS c ON c.id = p.id
        WHERE p.id = $1`,
      [body.id],
    );
    expect(rows).toHaveLength(1);
    const [record] = rows as Record<string, unknown>[];
    expect(record).toMatchObject({
      user_id: user.id,
      api_key_id: null,
      model_name: 'cardiac-risk',
      version: '1.0.0',
      row_count: 1,
      content: { subject: 'P-18', input: PATIENT },
      notice: body.notice,
      request_id: 'req-18',
    });
    expect(idTime(body.id).toISOString()).toBe(body.createdAt);
    expect(idTime(record!.admission_id as string).getTime()).toBeLessThanOrEqual(Date.parse(body.createdAt));
    expect(record!.labels).toEqual([(body.results[0] as { label: string }).label]);
    expect(record!.engine).toMatch(/^(onnx|tfjs)/);
    expect(record!.engine_version).toBeTruthy();
    expect(record!.processor).toBeTruthy();
  });

  it('of several rows answers them in their order and names their patients', async () => {
    const user = await server.user();
    const inputs = [20, 40, 60, 80].map((age) => ({ ...PATIENT, age }));
    const answer = await server.predict(user, { inputs, subjects: ['a', null, 'c', 'd'] });
    expect(answer.statusCode).toBe(201);
    const body = answer.json<PredictionAnswer>();
    expect(body.subjects).toEqual(['a', null, 'c', 'd']);
    expect(body).not.toHaveProperty('subject');
    const alone = await Promise.all(
      inputs.map(async (input) => (await server.predict(user, { input })).json<PredictionAnswer>().results[0]),
    );
    expect(body.results).toEqual(alone);
  });

  it('by a version named is that version’s', async () => {
    const user = await server.user();
    expect((await server.predict(user, { input: PATIENT, version: '1.0.0' })).json()).toMatchObject({
      version: '1.0.0',
    });
    const unknown = await server.predict(user, { input: PATIENT, version: '9.9.9' });
    expect([unknown.statusCode, unknown.json<ProblemDto>().code]).toEqual([404, 'VERSION_NOT_FOUND']);
  });

  it('of a model that does not exist is 404', async () => {
    const user = await server.user();
    for (const model of ['no-such-model', '__proto__', 'constructor']) {
      const answer = await server.predict(user, { input: PATIENT }, {}, model);
      expect([answer.statusCode, answer.json<ProblemDto>().code]).toEqual([404, 'MODEL_NOT_FOUND']);
    }
  });

  it('reaches each of many concurrent callers as their own, each recorded once', async () => {
    const user = await server.user();
    const ages = Array.from({ length: 200 }, (_, index) => index % 100);
    const answers = await Promise.all(
      ages.map((age) => server.predict(user, { input: { ...PATIENT, age }, subject: String(age) })),
    );
    expect(answers.map((answer) => answer.statusCode)).toEqual(ages.map(() => 201));
    const bodies = answers.map((answer) => answer.json<PredictionAnswer>());
    expect(bodies.map((body) => body.subject)).toEqual(ages.map(String));
    expect(new Set(bodies.map((body) => body.id)).size).toBe(200);
    const byAge = new Map(bodies.slice(0, 100).map((body) => [body.subject, body.results]));
    for (const body of bodies.slice(100)) expect(body.results).toEqual(byAge.get(body.subject));
    expect(await countOf(user.id)).toBe(200);
  });
});

describe('a bad request', () => {
  it('names all faults of the envelope and of the rows at once', async () => {
    const user = await server.user();
    const incomplete = { ...PATIENT, cholesterol: undefined }; // left out of the JSON
    const answer = await server.predict(user, {
      inputs: [PATIENT, { ...incomplete, age: 120 }, { ...PATIENT, glucose: '1.0', height: 1.8 }],
      subjects: ['a'],
      colour: 'red',
    });
    expect(answer.statusCode).toBe(422);
    const problem = answer.json<ProblemDto>();
    expect(problem.code).toBe('INVALID_REQUEST');
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(problem.errors!.map(({ pointer }) => pointer).sort()).toEqual([
      '/colour',
      '/inputs/1/age',
      '/inputs/1/cholesterol',
      '/inputs/2/glucose',
      '/inputs/2/height',
      '/subjects',
    ]);
    expect(await countOf(user.id)).toBe(0);
  });

  it.each([
    ['malformed JSON', '{"input": ', 400],
    ['no JSON at all', 'age=60', 400],
    ['a number beyond all bounds', JSON.stringify({ input: PATIENT }).replace('1.35', '1e999'), 422],
    ['NaN', JSON.stringify({ input: PATIENT }).replace('1.35', 'NaN'), 400],
    ['a property named __proto__', '{"input": {"__proto__": {"age": 3}}}', 400],
    ['an array', '[]', 422],
    ['null', 'null', 422],
    ['rows nested 10,000 deep', `{"input": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 422],
    ['a value nested 10,000 deep', `{"input": {"age": ${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}}`, 422],
    ['an unknown field nested 10,000 deep', `{"x": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 422],
    ['explain', JSON.stringify({ input: PATIENT, explain: true }), 422],
  ])('%s is refused at once', async (_, payload, status) => {
    const user = await server.user();
    for (const headers of [undefined, { 'idempotency-key': randomUUID() }]) {
      const answer = await awaitedWithinProcessorMs(500, () => server.predictRaw(user, payload, headers));
      expect(answer.statusCode, answer.body).toBe(status);
    }
  });

  it('with 1,001 rows is refused, as is one with more rows than the plan allows', async () => {
    const user = await server.user();
    const tooMany = await server.predict(user, { inputs: Array(1_001).fill(PATIENT) });
    expect(tooMany.statusCode).toBe(422);
    expect(tooMany.json<ProblemDto>().errors).toEqual([{ pointer: '/inputs', detail: 'must have at most 1000 rows' }]);
    const small = await server.user({ plan: 'SMALL' });
    expect((await server.predict(small, { inputs: [PATIENT, PATIENT, PATIENT] })).json<ProblemDto>().errors).toEqual([
      { pointer: '/inputs', detail: 'must have at most 2 rows' },
    ]);
    expect((await server.predict(small, { inputs: [PATIENT, PATIENT] })).statusCode).toBe(201);
  });

  it('with 1,000 rows all wrong lists 100 faults', async () => {
    const user = await server.user();
    const answer = await server.predict(user, { inputs: Array(1_000).fill({}) });
    expect(answer.statusCode).toBe(422);
    expect(answer.json<ProblemDto>().errors).toHaveLength(100);
  });

  it('with a giant or hostile key is refused without repeating it', async () => {
    const user = await server.user();
    const answer = await server.predict(user, {
      input: { ...PATIENT, ['k'.repeat(500_000)]: 1 },
      ['e'.repeat(200_000)]: 1,
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.body.length).toBeLessThan(5_000);
  });

  it('of another media type is 415, too large 413', async () => {
    const user = await server.user();
    expect(
      (await server.predictRaw(user, 'age=60', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode,
    ).toBe(415);
    expect((await server.predictRaw(user, '<a/>', { 'content-type': 'text/xml' })).statusCode).toBe(415);
    expect((await server.predictRaw(user, `{"input": "${'x'.repeat(16 * 2 ** 20)}"}`)).statusCode).toBe(413);
  });

  it('never repeats a patient’s values', async () => {
    const user = await server.user();
    const answer = await server.predict(user, {
      input: { ...PATIENT, age: 123456789, note: 'secret-value' },
      subject: 'S'.repeat(201),
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).not.toMatch(/123456789|secret-value|SSSS/);
  });
});

describe('the rows of a day', () => {
  it('are bounded, and a refused or unrecorded prediction costs none', async () => {
    const user = await server.user({ plan: 'SMALL' }); // 4 rows a day
    expect((await server.predict(user, { inputs: [PATIENT, { ...PATIENT, age: 200 }] })).statusCode).toBe(422);
    expect((await server.predict(user, { inputs: [PATIENT, PATIENT] })).statusCode).toBe(201);
    await owner.query('REVOKE INSERT ON predictions FROM PUBLIC, latido_app');
    try {
      expect((await server.predict(user, { inputs: [PATIENT, PATIENT] })).statusCode).toBe(503);
    } finally {
      await owner.query('GRANT INSERT ON predictions TO latido_app');
    }
    expect((await server.predict(user, { inputs: [PATIENT, PATIENT] })).statusCode).toBe(201);
    const refused = await server.predict(user, { input: PATIENT });
    expect([refused.statusCode, refused.json<ProblemDto>().code]).toEqual([429, 'ROW_BUDGET_EXCEEDED']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('when it cannot be recorded', () => {
  it('a prediction is 503 and not answered, and works again when the database does', async () => {
    const user = await server.user();
    expect((await server.predict(user, { input: PATIENT })).statusCode).toBe(201);
    await proxy.cut();
    try {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          server.predict(user, { input: PATIENT }, index % 2 ? {} : { 'idempotency-key': `k${index}` }),
        ),
      );
      for (const answer of answers) {
        expect(answer.statusCode, answer.body).toBe(503);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        expect(answer.body).not.toContain('probability');
      }
    } finally {
      await proxy.restore();
    }
    await expect.poll(async () => (await server.predict(user, { input: PATIENT })).statusCode).toBe(201);
    expect(await countOf(user.id)).toBe(2);
  });
});

describe('an Idempotency-Key', () => {
  it.each([
    ['one row', { input: PATIENT, subject: 'P-1' }],
    ['one row without a subject', { input: PATIENT }],
    ['an array of one row', { inputs: [PATIENT], subjects: [null] }],
    ['several rows', { inputs: [20, 50, 90].map((age) => ({ ...PATIENT, age })), subjects: ['ä', null, '😀'] }],
  ])('makes a retry answer the first answer, to the byte: %s', async (_, body) => {
    const user = await server.user();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await server.predict(user, body, headers);
    const second = await server.predict(user, body, headers);
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(second.body).toBe(first.body);
    expect(second.headers.location).toBe(first.headers.location);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(await countOf(user.id)).toBe(1);
  });

  it('is about what a body means, not how it is written', async () => {
    const user = await server.user();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await server.predict(user, { input: PATIENT, subject: 'x' }, headers);
    const reversed = Object.fromEntries(Object.entries(PATIENT).reverse());
    const second = await server.predictRaw(user, JSON.stringify({ subject: 'x', input: reversed }, null, 2), headers);
    expect(second.body).toBe(first.body);
  });

  it('with another body or for another model is refused', async () => {
    const user = await server.user();
    const headers = { 'idempotency-key': randomUUID() };
    expect((await server.predict(user, { input: PATIENT }, headers)).statusCode).toBe(201);
    const other = await server.predict(user, { input: { ...PATIENT, age: 30 } }, headers);
    expect([other.statusCode, other.json<ProblemDto>().code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect((await server.predict(user, { input: PATIENT }, headers, 'other-model')).json<ProblemDto>().code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    expect(await countOf(user.id)).toBe(1);
  });

  it('shared by concurrent requests makes one record, which answers them all', async () => {
    const user = await server.user({ plan: 'SMALL' });
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => server.predict(user, { input: PATIENT }, headers)),
    );
    expect(answers.map((answer) => answer.statusCode)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(await countOf(user.id)).toBe(1);
    // Of the day's four rows one is used: the repeated answers cost none.
    expect((await server.predict(user, { inputs: [PATIENT, PATIENT] })).statusCode).toBe(201);
    expect((await server.predict(user, { input: PATIENT })).statusCode).toBe(201);
    expect((await server.predict(user, { input: PATIENT })).statusCode).toBe(429);
  });

  it('of a failed attempt is free again', async () => {
    const user = await server.user();
    const headers = { 'idempotency-key': randomUUID() };
    expect((await server.predict(user, { input: { ...PATIENT, age: -1 } }, headers)).statusCode).toBe(422);
    expect((await server.predict(user, { input: PATIENT }, headers)).statusCode).toBe(201);
  });

  it('belongs to its user and lives for 24 hours', async () => {
    const [one, two] = [await server.user(), await server.user()];
    const headers = { 'idempotency-key': randomUUID() };
    const first = await server.predict(one, { input: PATIENT }, headers);
    expect((await server.predict(two, { input: { ...PATIENT, age: 20 } }, headers)).statusCode).toBe(201);
    await owner.query("UPDATE idempotency_keys SET created_at = created_at - interval '24 hours' WHERE user_id = $1", [
      one.id,
    ]);
    const later = await server.predict(one, { input: { ...PATIENT, age: 40 } }, headers);
    expect([later.statusCode, later.headers['idempotency-replayed']]).toEqual([201, undefined]);
    expect(later.json<PredictionAnswer>().id).not.toBe(first.json<PredictionAnswer>().id);
    expect((await server.predict(one, { input: { ...PATIENT, age: 40 } }, headers)).body).toBe(later.body);
  });

  it.each([
    ['empty', ''],
    ['two words', 'has space'],
    ['another alphabet', 'ä'],
    ['256 characters', 'x'.repeat(256)],
  ])('must be 1 to 255 visible ASCII characters: not %s', async (_, key) => {
    const user = await server.user();
    const answer = await server.predict(user, { input: PATIENT }, { 'idempotency-key': key });
    expect([answer.statusCode, answer.json<ProblemDto>().code]).toEqual([422, 'IDEMPOTENCY_KEY_INVALID']);
  });
});

describe('the metrics', () => {
  it('tell the latency by model and how the recorder does, and hold nobody’s values', async () => {
    const user = await server.user();
    await server.predict(user, { input: PATIENT, subject: 'SUBJECT-IN-METRICS' });
    const text = await server.metrics();
    expect(text).toMatch(/latido_prediction_duration_seconds_count\{model="cardiac-risk"\} \d+/);
    expect(text).toMatch(/latido_recorder_queue 0/);
    expect(text).toMatch(/latido_recorder_flush_seconds_count \d+/);
    expect(text).not.toContain('SUBJECT-IN-METRICS');
  });
});
