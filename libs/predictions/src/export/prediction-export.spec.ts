/** Predictions as a file, over HTTP on a real Postgres. */
import { get, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'csv-parse/sync';
import type { LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditTrail } from '#audit';
import { newId, type ProblemDto } from '#platform';
import { asOwner } from '../../../../test/setup/as-owner.js';
import { ownDatabase } from '../../../../test/setup/database.js';
import { PATIENT } from '../../../../test/setup/patient.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';
import type { PredictionAnswer } from '../prediction-answer.js';
import { eraseSubject } from '../record/erasure.js';

const SPINE = {
  pelvic_incidence: 60.5,
  pelvic_tilt: -17.5,
  lumbar_lordosis_angle: 52,
  sacral_slope: 43,
  pelvic_radius: 118,
  degree_spondylolisthesis: 25,
};
const YOUNG = { cholesterol: 1.1, systolicPressure: 1, glucose: 0.8, age: 20, overweight: 0, smoker: 0 };
const NAMES =
  'id,row,createdAt,userId,model,version,subject,label,probability,score,value,outcomeLabel,outcomeValue,outcomeObservedAt,notice,erased';

const database = await ownDatabase();
let server: PredictionServer;
let owner: pg.Client;
let port: number;

beforeAll(async () => {
  server = await startPredictionServer(database);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await server.app.listen(0, '127.0.0.1');
  ({ port } = server.app.getHttpServer().address() as AddressInfo);
});
afterAll(async () => {
  await server.close();
  await owner.end();
});

async function predicted(user: TestUser, body: unknown, model?: string): Promise<PredictionAnswer> {
  const answer = await server.predict(user, body, {}, model);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<PredictionAnswer>();
}

function table(answer: LightMyRequestResponse): Record<string, string>[] {
  expect(answer.statusCode, answer.body).toBe(200);
  return parse(answer.rawPayload, { columns: true, bom: true });
}

const exported = async (user: TestUser, query = ''): Promise<Record<string, string>[]> =>
  table(await server.get(user, `/v1/predictions.csv${query}`));
const searched = (user: TestUser, body: unknown): Promise<LightMyRequestResponse> =>
  server.post(user, '/v1/predictions/search.csv', body);

async function traces(predictionId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query<Record<string, unknown>>(
    "SELECT actor_id, details FROM audit_events WHERE action = 'prediction.read-by-other' AND target_id = $1 ORDER BY id",
    [predictionId],
  );
  return rows;
}

describe('the file of one’s own predictions', () => {
  it('has a line for each row, newest prediction first, as a spreadsheet opens it', async () => {
    const user = await server.user();
    const two = await predicted(user, { inputs: [PATIENT, YOUNG], subjects: ['ärztin, "7"', '=1+1'] });
    const one = await predicted(user, { input: SPINE }, 'vertebral-column');
    const outcome = { label: 'no-risk', observedAt: '2026-01-31T10:00:00Z' };
    expect((await server.put(user, `/v1/predictions/${two.id}/rows/1/outcome`, outcome)).statusCode).toBe(200);
    const answer = await server.get(user, '/v1/predictions.csv');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="predictions.csv"',
    });
    expect(answer.body.split('\n')[0]).toBe(`\ufeff${NAMES}`);
    const [first, second] = two.results as readonly { label: string; probability: number }[];
    const ofTwo = { id: two.id, createdAt: two.createdAt, userId: user.id, model: 'cardiac-risk', notice: two.notice };
    expect(table(answer)).toMatchObject([
      {
        id: one.id,
        row: '0',
        model: 'vertebral-column',
        version: '1.0.0',
        subject: '',
        outcomeLabel: '',
        erased: 'false',
      },
      { ...ofTwo, row: '0', subject: 'ärztin, "7"', label: first!.label, probability: String(first!.probability) },
      {
        ...ofTwo,
        row: '1',
        subject: "'=1+1",
        label: second!.label,
        probability: String(second!.probability),
        outcomeLabel: 'no-risk',
        outcomeObservedAt: '2026-01-31T10:00:00.000Z',
      },
    ]);
    expect(await traces(two.id)).toEqual([]);
  });

  it('of one model also holds what was sent and the probability of each class', async () => {
    const user = await server.user();
    await predicted(user, { input: PATIENT });
    const { results } = await predicted(user, { input: SPINE }, 'vertebral-column');
    const [line, ...others] = await exported(user, '?model=vertebral-column&version=1.0.0');
    expect(others).toEqual([]);
    const { probabilities } = results[0] as { probabilities: Record<string, number> };
    for (const [name, probability] of Object.entries(probabilities))
      expect(line![`probability.${name}`]).toBe(String(probability));
    for (const [name, value] of Object.entries(SPINE)) expect(line![`input.${name}`]).toBe(String(value));
    expect(await exported(user, '?model=unknown')).toEqual([]);
  });

  it('holds what the filters of the list mean, and of those the rows that were answered so', async () => {
    const user = await server.user();
    const mixed = await predicted(user, { inputs: [YOUNG, PATIENT, YOUNG] });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const low = await predicted(user, { input: YOUNG });
    const rows = async (query: string): Promise<string[]> =>
      (await exported(user, query)).map(({ id, row }) => `${id}/${row}`);
    expect(await rows('?label=risk')).toEqual([`${mixed.id}/1`]);
    expect(await rows('?label=no-risk')).toEqual([`${low.id}/0`, `${mixed.id}/0`, `${mixed.id}/2`]);
    expect(await rows(`?from=${low.createdAt}`)).toEqual([`${low.id}/0`]);
    expect(await rows(`?to=${low.createdAt}&version=1.0.0&userId=${user.id}`)).toHaveLength(3);
    expect(await rows('?version=2.0.0')).toEqual([]);
  });

  it('holds the rows of one patient alone, who is named in the body', async () => {
    const user = await server.user();
    const { id } = await predicted(user, { inputs: [PATIENT, PATIENT, PATIENT], subjects: ['P-1', 'P-2', null] });
    await predicted(user, { input: PATIENT, subject: 'P-3' });
    const answer = await searched(user, { subject: 'P-2', model: 'cardiac-risk' });
    expect(table(answer)).toMatchObject([{ id, row: '1', subject: 'P-2', 'input.age': '68' }]);
    expect(table(await searched(user, { subject: 'nobody' }))).toEqual([]);
    await asOwner(database, (manager) =>
      eraseSubject(manager, server.app.get(AuditTrail), { subject: 'P-2', userId: user.id }),
    );
    expect(table(await searched(user, { subject: 'P-2' }))).toEqual([]);
    expect((await exported(user)).map(({ subject, label, erased }) => [subject, label, erased])).toEqual([
      ['P-3', 'risk', 'false'],
      ['P-1', 'risk', 'false'],
      ['', '', 'true'],
      ['', 'risk', 'false'],
    ]);
  });

  it('has every row once, however many pages and parts of them there are', async () => {
    const user = await server.user();
    const header = Object.keys(PATIENT).join();
    const csv = `${header}\n${`${Object.values(PATIENT).join()}\n`.repeat(4_321)}`;
    expect((await server.predictRaw(user, csv, { 'content-type': 'text/csv' })).statusCode).toBe(200);
    for (let sent = 0; sent < 520; sent += 20)
      await Promise.all(Array.from({ length: 20 }, () => predicted(user, { input: PATIENT })));
    const lines = await exported(user, '?model=cardiac-risk');
    expect(lines).toHaveLength(4_321 + 520);
    expect(new Set(lines.map(({ id, row }) => `${id}/${row}`)).size).toBe(lines.length);
    const ids = lines.map(({ id }) => id!);
    expect(ids).toEqual(ids.toSorted().reverse());
  });

  it.each(['?limit=5', '?cursor=x', '?subject=P-1', '?label=%00', '?from=yesterday', '?userId=me', '?unknown=1'])(
    'is refused for %s',
    async (query) => {
      const answer = await server.get(await server.user(), `/v1/predictions.csv${query}`);
      expect([answer.statusCode, answer.json<ProblemDto>().code]).toEqual([422, 'INVALID_REQUEST']);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.headers['content-disposition']).toBeUndefined();
    },
  );
});

describe('the file of others’ predictions', () => {
  it('is for auditors and administrators alone, and each prediction in it says who read it', async () => {
    const [user, publisher] = [await server.user(), await server.user({ role: 'publisher' })];
    const auditor = await server.user({ role: 'auditor' });
    const { id } = await predicted(user, { input: PATIENT, subject: 'P-EXPORTED' });
    const own = await predicted(auditor, { input: PATIENT });
    for (const other of [publisher, await server.user()]) {
      expect(await exported(other)).toEqual([]);
      const refused = await server.get(other, `/v1/predictions.csv?userId=${user.id}`);
      expect([refused.statusCode, refused.json<ProblemDto>().code]).toEqual([403, 'FORBIDDEN']);
    }
    expect(await traces(id)).toEqual([]);
    expect(await exported(auditor, `?userId=${user.id}`)).toMatchObject([{ id, subject: 'P-EXPORTED' }]);
    expect(table(await searched(auditor, { subject: 'P-EXPORTED', label: 'risk' }))).toMatchObject([{ id }]);
    expect(await traces(id)).toEqual([
      { actor_id: auditor.id, details: { owner: user.id, exported: true } },
      { actor_id: auditor.id, details: { owner: user.id, exported: true, found: ['subject', 'label'] } },
    ]);
    expect((await exported(auditor)).map((line) => line.id)).toEqual(expect.arrayContaining([id, own.id]));
    expect(await traces(own.id)).toEqual([]);
    expect(await traces(id)).toHaveLength(3);
  });
});

describe('a file that cannot be written to its end', () => {
  const url = (user: TestUser, at = port): [string, { headers: Record<string, string> }] => [
    `http://127.0.0.1:${at}/v1/predictions.csv`,
    { headers: { 'x-test-user': `${user.id} ${user.role}` } },
  ];

  /** Whether the answer came with its last chunk, and what there was of it. */
  async function read(user: TestUser): Promise<{ complete: boolean; text: string }> {
    return new Promise((resolve, reject) => {
      get(...url(user), (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('error', () => undefined); // ECONNRESET, which `complete` tells
        answer.on('close', () => resolve({ complete: answer.complete, text }));
      }).on('error', reject);
    });
  }

  async function damage(id: string): Promise<void> {
    await owner.query(`UPDATE prediction_contents SET content = '\\x00000001' WHERE id = $1`, [id]);
  }

  it('ends without its last chunk once it has begun, and is a refusal before', async () => {
    const user = await server.user();
    const oldest = await predicted(user, { input: PATIENT });
    // Of a page of its own.
    for (let sent = 0; sent < 500; sent += 20)
      await Promise.all(Array.from({ length: 20 }, () => predicted(user, { input: PATIENT })));
    const whole = await read(user);
    expect([whole.complete, whole.text.trimEnd().split('\n').length]).toEqual([true, 502]);
    await damage(oldest.id);
    const cut = await read(user);
    expect([cut.complete, cut.text.trimEnd().split('\n').length]).toEqual([false, 501]);
    const other = await server.user();
    await damage((await predicted(other, { input: PATIENT })).id);
    const refused = await server.get(other, '/v1/predictions.csv');
    expect([refused.statusCode, refused.json<ProblemDto>().code]).toEqual([500, 'RECORD_DAMAGED']);
  });

  it('is one of those that the plan admits at once, until its client has read it or is gone', async () => {
    const user = await server.user();
    const rows = Array.from({ length: 1_000 }, () => PATIENT);
    for (let sent = 0; sent < 20; sent += 1) await predicted(user, { inputs: rows });
    const open = request(...url(user));
    const answer = await new Promise<{ destroy(): void }>((resolve) => open.on('response', resolve).end());
    const second = await server.get(user, '/v1/predictions.csv');
    expect([second.statusCode, second.json<ProblemDto>().code]).toEqual([429, 'STREAMS_EXCEEDED']);
    answer.destroy();
    await expect
      .poll(async () => (await server.get(user, `/v1/predictions.csv?label=${newId()}`)).statusCode)
      .toBe(200);
  });

  it('does not keep a server from stopping whose client does not read on', async () => {
    const user = await server.user();
    const rows = Array.from({ length: 1_000 }, () => PATIENT);
    for (let sent = 0; sent < 40; sent += 1) await predicted(user, { inputs: rows });
    const stopped = await startPredictionServer(database);
    await stopped.app.listen(0, '127.0.0.1');
    const { port: at } = stopped.app.getHttpServer().address() as AddressInfo;
    const open = request(...url(user, at));
    const answer = await new Promise<IncomingMessage>((resolve) => open.on('response', resolve).end());
    answer.on('error', () => undefined); // ECONNRESET, which `complete` tells
    await stopped.close();
    const closed = new Promise((resolve) => answer.on('close', resolve));
    answer.resume();
    await closed;
    expect(answer.complete).toBe(false);
  });
});
