/** Predicting with a model of texts and numbers: answered, recorded, shown and computed again. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceEngines } from '#inference';
import { inferManifest } from '#models';
import { ownDatabase } from '../../../test/setup/database.js';
import { startPredictionServer, type PredictionServer } from '../../../test/setup/prediction-server.js';

const made = resolve(import.meta.dirname, '../../../test/golden/onnx/made');
const folder = mkdtempSync(join(tmpdir(), 'latido-texts-'));
const database = await ownDatabase();
let server: PredictionServer;

beforeAll(async () => {
  const version = join(folder, 'triage/1.0.0');
  mkdirSync(version, { recursive: true });
  const bytes = readFileSync(join(made, 'triage.onnx'));
  const engines = new InferenceEngines('onnx', () => undefined, 1);
  const file = { bytes, fileName: 'model.onnx', name: 'triage', version: '1.0.0' };
  writeFileSync(join(version, 'model.onnx'), bytes);
  writeFileSync(join(version, 'manifest.yaml'), stringify(await inferManifest(file, engines)));
  writeFileSync(join(version, 'golden.json'), readFileSync(join(made, 'triage.golden.json')));
  await engines.close();
  server = await startPredictionServer(database, { MODELS_DIR: folder });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a model of texts and numbers', () => {
  const { inputs, outputs, labels } = JSON.parse(readFileSync(join(made, 'triage.golden.json'), 'utf8')) as {
    inputs: Record<string, (number | string)[][]>;
    outputs: number[][];
    labels: string[];
  };
  const rows = labels.map((_, row) =>
    Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, values[row]![0]!])),
  );

  it('answers rows as scikit-learn does, records them and computes them again to the same bits', async () => {
    const user = await server.user();
    const answer = await server.predict(user, { inputs: rows }, {}, 'triage');
    expect(answer.statusCode, answer.body).toBe(201);
    const { id, results } = answer.json<{ id: string; results: { label: string; probabilities: object }[] }>();
    expect(results.map(({ label }) => label)).toEqual(labels);
    expect(results[0]!.probabilities).toEqual({
      high: expect.closeTo(outputs[0]![0]!, 5) as number,
      low: expect.closeTo(outputs[0]![1]!, 5) as number,
    });
    const recorded = (await server.get(user, `/v1/predictions/${id}`)).json<{ inputs: object[] }>();
    expect(recorded.inputs).toEqual(rows);
    expect((await server.replay(user, `${id}/replay`)).json()).toMatchObject({ identical: true });
  });

  it('refuses a text that it does not know and a number for a text, without repeating either', async () => {
    const user = await server.user();
    const input = { ...rows[0], sex: 'Herr Müller', ward: 4 };
    const answer = await server.predict(user, { input }, {}, 'triage');
    expect(answer.statusCode).toBe(422);
    expect(answer.json<{ errors: object[] }>().errors).toEqual([
      { pointer: '/input/sex', detail: 'must be female or male' },
      { pointer: '/input/ward', detail: 'must be a text' },
    ]);
    expect(answer.body).not.toContain('Müller');
  });
});
