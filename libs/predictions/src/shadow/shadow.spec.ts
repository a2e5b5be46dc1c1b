/** Versions on trial on real traffic: what they compute is recorded and compared, and never answered. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditTrail, SYSTEM } from '#audit';
import { Activations, ModelRegistration, OPERATOR, Traffic } from '#models';
import { asOwner } from '../../../../test/setup/as-owner.js';
import { ownDatabase } from '../../../../test/setup/database.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';
import { tinyManifest, tinyRow, writeVersion } from '../../../../test/setup/version-folder.js';
import type { PredictionAnswer } from '../prediction-answer.js';
import { eraseSubject } from '../record/erasure.js';
import type { TrafficComparisonDto } from './shadow.dto.js';
import { ShadowRuns } from './shadow-runs.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-shadow-spec-'));
const { row } = tinyRow();
let server: PredictionServer;
let user: TestUser;

beforeAll(async () => {
  server = await startPredictionServer(database, { MODELS_DIR: folder });
  const registration = server.app.get(ModelRegistration);
  // The same network with another threshold, and one that takes fewer rows.
  const { output, inputs } = tinyManifest('tiny', '1.0.0');
  const [first, ...others] = inputs;
  const narrow = [{ ...first!, range: { minimum: 4, maximum: 5 } }, ...others];
  await registration.addFolder(writeVersion(folder, 'tiny', '1.0.0'), SYSTEM);
  await registration.addFolder(
    writeVersion(folder, 'tiny', '1.1.0', { manifest: { output: { ...output, threshold: 0.999 } } }),
    SYSTEM,
  );
  const golden = { manifest: { inputs: narrow } };
  await registration.addFolder(writeVersion(folder, 'tiny', '2.0.0', golden), SYSTEM);
  await server.app.get(Activations).activate('tiny', '1.0.0', {}, OPERATOR);
  user = await server.user({ role: 'auditor' });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function predict(body: object): Promise<PredictionAnswer> {
  const answer = await server.predict(user, body, {}, 'tiny');
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<PredictionAnswer>();
}

async function comparison(version: string, query = ''): Promise<TrafficComparisonDto> {
  await server.app.get(ShadowRuns).settle();
  const answer = await server.get(user, `/v1/models/tiny/traffic/comparison?version=${version}${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<TrafficComparisonDto>();
}

const rows = (): Promise<Record<string, unknown>[]> =>
  server.app.get(DataSource).query('SELECT * FROM shadow_predictions ORDER BY prediction_id');

describe('a version in shadow', () => {
  it('computes every row as well, is recorded, and answers nobody', async () => {
    await server.app.get(Traffic).replace('tiny', { shadows: ['1.1.0', '2.0.0'] }, OPERATOR);
    const before = new Date();
    const answer = await predict({ inputs: [row, { ...row, a: -3 }, { ...row, b: 4 }] });
    expect(answer.version).toBe('1.0.0');
    const { comparisons } = await comparison('1.1.0');
    const strict = answer.results.filter((result) => 'label' in result && result.label === 'no').length;
    expect(comparisons).toEqual([
      {
        answered: '1.0.0',
        shadow: '1.1.0',
        predictions: 1,
        failed: 0,
        rows: 3,
        agreement: strict / 3,
        meanDifference: 0,
        largestDifference: 0,
        answeredLatencyMs: { mean: expect.any(Number), p95: expect.any(Number) },
        shadowLatencyMs: { mean: expect.any(Number), p95: expect.any(Number) },
      },
    ]);
    expect((await comparison('1.1.0', `&to=${before.toISOString()}`)).comparisons).toEqual([]);
    expect((await comparison('1.1.0', `&from=${before.toISOString()}`)).comparisons).toHaveLength(1);
  });

  it('that takes other rows is told to have failed, and disturbs nobody', async () => {
    expect((await comparison('2.0.0')).comparisons).toMatchObject([
      { answered: '1.0.0', shadow: '2.0.0', predictions: 1, failed: 1, rows: 0, agreement: null },
    ]);
  });

  it('is asked about by those who run models alone', async () => {
    const other = await server.get(await server.user({ role: 'auditor' }), '/v1/models/tiny/traffic/comparison');
    expect(other.statusCode).toBe(422);
    const unknown = await server.get(user, '/v1/models/tiny/traffic/comparison?version=9.0.0');
    expect(unknown.statusCode).toBe(404);
  });
});

describe('a canary', () => {
  it('answers its share, and is compared with the active version on the same rows', async () => {
    await server.app.get(Traffic).replace('tiny', { canary: { version: '1.1.0', share: 0.5 } }, OPERATOR);
    const answers: PredictionAnswer[] = [];
    for (let index = 0; index < 40; index += 1) answers.push(await predict({ input: row, subject: `P-${index}` }));
    const again = await predict({ input: row, subject: 'P-0' });
    expect(again.version).toBe(answers[0]!.version);
    const byCanary = answers.filter(({ version }) => version === '1.1.0').length + Number(again.version === '1.1.0');
    expect(byCanary).toBeGreaterThan(5);
    expect(byCanary).toBeLessThan(36);
    const { comparisons } = await comparison('1.1.0');
    expect(comparisons.find(({ answered }) => answered === '1.1.0')).toMatchObject({
      shadow: '1.0.0',
      predictions: byCanary,
      failed: 0,
      largestDifference: 0,
    });
  });
});

describe('the Open Inference Protocol', () => {
  interface Inferred {
    readonly model_version: string;
    readonly parameters: { readonly prediction_id: string };
  }
  const infer = async (inputs: readonly object[]): Promise<Inferred> => {
    const payload = JSON.stringify({ inputs });
    const answer = await server.inject(user, { method: 'POST', url: '/v2/models/tiny/infer', payload });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<Inferred>();
  };
  const named = Object.entries(row).map(([name, value]) => ({ name, datatype: 'FP64', shape: [1], data: [value] }));
  const about = (subject: string): object => ({ name: 'subject', datatype: 'BYTES', shape: [1], data: [subject] });

  it('answers a patient by the version that answers him everywhere', async () => {
    await server.app.get(Traffic).replace('tiny', { canary: { version: '1.1.0', share: 0.5 } }, OPERATOR);
    for (let index = 0; index < 20; index += 1) {
      const subject = `P-${index}`;
      const { version } = await predict({ input: row, subject });
      expect((await infer([...named, about(subject)])).model_version, subject).toBe(version);
    }
  });

  it('has its rows computed in shadow, tensors of the engine too', async () => {
    await server.app.get(Traffic).replace('tiny', { shadows: ['1.1.0'] }, OPERATOR);
    const metadata = await server.get(user, '/v2/models/tiny');
    const [{ name }] = metadata.json<{ raw_inputs: [{ name: string }] }>().raw_inputs;
    const raw = { name, datatype: 'FP32', shape: [1, 6], data: Object.values(row) };
    const ids = [await infer(named), await infer([raw])].map(({ parameters }) => parameters.prediction_id);
    await server.app.get(ShadowRuns).settle();
    const computed = (await rows()).filter(({ prediction_id }) => ids.includes(String(prediction_id)));
    expect(computed.map(({ failed }) => failed)).toEqual([false, false]);
  });
});

describe('what was computed in shadow', () => {
  it('is not written when the patient was erased meanwhile', async () => {
    await server.app.get(Traffic).replace('tiny', { shadows: ['1.1.0'] }, OPERATOR);
    const answer = predict({ input: row, subject: 'erased early' });
    const trail = server.app.get(AuditTrail);
    const { id } = await answer;
    await asOwner(database, (manager) => eraseSubject(manager, trail, { subject: 'erased early' }));
    await server.app.get(ShadowRuns).settle();
    expect((await rows()).filter(({ prediction_id }) => prediction_id === id)).toEqual([]);
  });

  it('goes when the patient is erased', async () => {
    await server.app.get(Traffic).replace('tiny', { shadows: ['1.1.0'] }, OPERATOR);
    const { id } = await predict({ input: row, subject: 'erase me' });
    await server.app.get(ShadowRuns).settle();
    expect((await rows()).filter(({ prediction_id }) => prediction_id === id)).toHaveLength(1);
    const trail = server.app.get(AuditTrail);
    await asOwner(database, (manager) => eraseSubject(manager, trail, { subject: 'erase me' }));
    expect((await rows()).filter(({ prediction_id }) => prediction_id === id)).toEqual([]);
  });
});
