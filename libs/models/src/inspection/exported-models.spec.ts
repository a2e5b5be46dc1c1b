/** Exports of scikit-learn, XGBoost and LightGBM from the file to the answer: published without a manifest, verified, predicting. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#audit';
import { InferenceEngines, type GoldenFile, type InputRow, type ModelManifest } from '#inference';
import { ownDatabase } from '../../../../test/setup/database.js';
import { startModelServer, type ModelServer } from '../../../../test/setup/model-server.js';
import { ModelCatalogue } from '../model-catalogue.js';
import { ModelRegistration, type RegistrationResult } from '../registration/model-registration.js';
import { inferManifest } from './infer-manifest.js';

const exported = resolve(import.meta.dirname, '../../../../test/golden/onnx');
const made = join(exported, 'made');
const folder = mkdtempSync(join(tmpdir(), 'latido-exported-'));
const database = await ownDatabase();
let server: ModelServer;
let engines: InferenceEngines;

beforeAll(async () => {
  server = await startModelServer(database, { modelsDir: folder });
  engines = server.app.get(InferenceEngines);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface ExportedCase {
  readonly library: string;
  readonly columns: string[];
  readonly inputs: number[][];
  readonly labels: (string | number)[];
  readonly classes: (string | number)[];
  readonly probabilities?: (number[] | Record<string, number>)[];
  readonly scores?: number[][];
}

/** The golden rows of a case as a version has them. */
function goldenOf({ library, columns, inputs, labels, classes, probabilities, scores }: ExportedCase): GoldenFile {
  const outputs = (scores ?? probabilities ?? []).map((row) =>
    Array.isArray(row) ? row : classes.map((label) => row[label] as number),
  );
  return { schemaVersion: 1, answeredBy: library, columns, inputs, outputs, labels: labels.map(String) };
}

const infer = (path: string, golden?: GoldenFile, name = 'inferred'): Promise<ModelManifest> =>
  inferManifest({ bytes: readFileSync(path), fileName: 'model.onnx', name, version: '1.0.0', golden }, engines);

/** Registers a file with its manifest and golden rows. */
function publish(path: string, manifest: ModelManifest, golden: GoldenFile): Promise<RegistrationResult> {
  const version = join(folder, 'handed-in', manifest.name, manifest.version);
  mkdirSync(version, { recursive: true });
  writeFileSync(join(version, 'model.onnx'), readFileSync(path));
  writeFileSync(join(version, 'manifest.yaml'), stringify(manifest));
  writeFileSync(join(version, 'golden.json'), JSON.stringify(golden));
  return server.app.get(ModelRegistration).addFolder(version, SYSTEM);
}

interface Answer {
  readonly label?: string;
  readonly probabilities?: Record<string, number>;
  readonly scores?: Record<string, number>;
  readonly value?: number;
}

async function predict(model: string, rows: readonly InputRow[]): Promise<Answer[]> {
  const serving = await server.app.get(ModelCatalogue).serving(model, '1.0.0', 'admin');
  const { values, width } = await serving.score(rows);
  return rows.map((_, row) => serving.decode(values.subarray(row * width, (row + 1) * width)) as Answer);
}

const cases = readdirSync(exported).flatMap((name) => (name.endsWith('.onnx') ? [name.slice(0, -5)] : []));

describe('a classifier as its library exports it', () => {
  it('is there in nine forms', () => {
    expect(cases).toHaveLength(9);
  });

  it.each(cases)('%s is published without a manifest, and answers its golden rows with their labels', async (name) => {
    const golden = JSON.parse(readFileSync(join(exported, `${name}.json`), 'utf8')) as ExportedCase;
    const path = join(exported, `${name}.onnx`);
    const manifest = await infer(path, goldenOf(golden), name);
    const kind = golden.scores ? 'decision' : undefined;
    expect(manifest).toMatchObject({
      inferred: true,
      task: golden.classes.length === 2 ? 'binary-classification' : 'multiclass-classification',
      inputs: golden.columns.map((column) => ({ name: column, title: column, type: 'number' })),
    });
    expect(manifest.output).toEqual({
      classes: golden.classes.map((label) => ({ name: String(label), title: String(label) })),
      ...(kind && { kind }),
    });
    const result = await publish(path, manifest, goldenOf(golden));
    expect(result).toMatchObject({ status: 'verified', rejection: null });

    const rows = golden.inputs.map((values) =>
      Object.fromEntries(values.map((value, index) => [golden.columns[index] as string, value])),
    );
    const answers = await predict(name, rows);
    expect(answers.map(({ label }) => label)).toEqual(golden.labels.map(String));
    goldenOf(golden).outputs.forEach((expected, row) => {
      const given = kind ? answers[row]?.scores : answers[row]?.probabilities;
      golden.classes.forEach((label, index) => {
        const wanted = (expected as number[])[index] as number;
        const distance = Math.abs((given?.[label] as number) - wanted);
        expect(distance).toBeLessThanOrEqual(1e-5 + 1e-5 * Math.abs(wanted));
      });
    });
  });

  it('without golden rows has columns by number', async () => {
    const { inputs } = await infer(join(exported, 'vertebral-lightgbm.onnx'));
    expect(inputs.map(({ name }) => name)).toEqual(['x1', 'x2', 'x3', 'x4', 'x5', 'x6']);
  });

  it('is not verified where a golden row has another label', async () => {
    const golden = JSON.parse(readFileSync(join(exported, 'penguins-xgboost.json'), 'utf8')) as ExportedCase;
    const path = join(exported, 'penguins-xgboost.onnx');
    const manifest = await infer(path, goldenOf(golden), 'mislabelled');
    const wrong = goldenOf({ ...golden, labels: [0, ...golden.labels.slice(1)] });
    expect(await publish(path, manifest, wrong)).toMatchObject({
      status: 'rejected',
      rejection: 'onnx against XGBClassifier (scikit-learn 1.5.2): row 0 is answered 1 instead of 0',
    });
  });

  it.each([
    ['penguins-linear-svc', exported],
    ['binary-linear-svc', made],
  ])('%s is rejected where its manifest takes its distances for probabilities', async (name, at) => {
    const path = join(at, `${name}.onnx`);
    const { output, ...manifest } = await infer(path, undefined, `${name}-as-probabilities`);
    const version = join(folder, 'handed-in', manifest.name, '1.0.0');
    mkdirSync(version, { recursive: true });
    writeFileSync(join(version, 'model.onnx'), readFileSync(path));
    writeFileSync(join(version, 'manifest.yaml'), stringify({ ...manifest, output: { classes: output.classes } }));
    const result = await server.app.get(ModelRegistration).addFolder(version, SYSTEM);
    expect(result).toMatchObject({
      status: 'rejected',
      rejection: expect.stringContaining('its manifest must say output.kind: decision') as string,
    });
  });
});

describe('an export with golden rows of its library', () => {
  const goldenAt = (name: string): GoldenFile =>
    JSON.parse(readFileSync(join(made, `${name}.golden.json`), 'utf8')) as GoldenFile;

  it.each(['triage', 'triage-strict'])('%s takes columns of texts and numbers by their names', async (name) => {
    const path = join(made, `${name}.onnx`);
    const golden = goldenAt(name);
    const manifest = await infer(path, golden, name);
    const choice = (...values: string[]): object => ({
      type: 'string',
      values: values.map((value) => ({ value, title: value })),
    });
    expect(manifest.inputs).toMatchObject([
      { name: 'age', type: 'integer' },
      { name: 'pressure', type: 'number' },
      { name: 'sex', ...choice('female', 'male') },
      { name: 'ward', ...choice('cardiology', 'emergency', 'surgery') },
    ]);
    expect(await publish(path, manifest, golden)).toMatchObject({ status: 'verified', rejection: null });
    const columns = golden.inputs as Record<string, (number | string)[][]>;
    const rows = (golden.labels ?? []).map((_, row) =>
      Object.fromEntries(Object.entries(columns).map(([column, values]) => [column, values[row]![0]!])),
    );
    const answers = await predict(name, rows);
    expect(answers.map(({ label }) => label)).toEqual(golden.labels);
    const { high } = answers[3]?.probabilities ?? {};
    expect(high).toBeCloseTo((golden.outputs as number[][])[3]![0]!, 5);
    const schema = await server.request('admin', 'GET', `/v1/models/${name}/versions/1.0.0/schema`);
    expect(schema.json()).toMatchObject({ examples: [{ age: 0, sex: 'female', ward: 'cardiology' }] });
  });

  it.each(['stay-boosting', 'stay-xgboost'])('%s is a regression', async (name) => {
    const path = join(made, `${name}.onnx`);
    const golden = goldenAt(name);
    const manifest = await infer(path, golden, name);
    expect(manifest).toMatchObject({ task: 'regression', output: {} });
    expect(await publish(path, manifest, golden)).toMatchObject({ status: 'verified' });
    const [row = []] = golden.inputs as number[][];
    const [answer] = await predict(name, [{ x1: row[0]!, x2: row[1]!, x3: row[2]! }]);
    expect(answer?.value).toBeCloseTo((golden.outputs as number[][])[0]![0]!, 5);
  });

  it.each([
    ['binary-float64', ['0', '1'], undefined],
    ['binary-linear-svc', ['-1', '1'], 'decision'],
    ['binary-forest', ['0', '1'], undefined],
    // The scores of ONNX Runtime stand in this order.
    ['binary-svc', ['well', 'sick'], 'decision'],
  ])('%s has the classes %j', async (name, classes, kind) => {
    const path = join(made, `${name}.onnx`);
    const golden = goldenAt(name);
    const manifest = await infer(path, golden, name);
    expect(manifest.output.classes?.map((one) => one.name)).toEqual(classes);
    expect(manifest.output.kind).toBe(kind);
    expect(await publish(path, manifest, golden)).toMatchObject({ status: 'verified' });
    const rows = (golden.inputs as number[][]).map(([x1, x2, x3]) => ({ x1: x1!, x2: x2!, x3: x3! }));
    expect((await predict(name, rows)).map(({ label }) => label)).toEqual(golden.labels);
  });
});

describe('a file that labels its rows by itself', () => {
  it('is rejected where its classes are in another order than its scores', async () => {
    const path = join(made, 'binary-svc.onnx');
    const golden = JSON.parse(readFileSync(join(made, 'binary-svc.golden.json'), 'utf8')) as GoldenFile;
    const { output, ...manifest } = await infer(path, golden, 'turned-round');
    const classes = output.classes?.toReversed();
    const unlabelled = { ...golden, labels: undefined };
    const result = await publish(path, { ...manifest, output: { ...output, classes } }, unlabelled);
    expect(result).toMatchObject({
      status: 'rejected',
      rejection: expect.stringMatching(
        /^64 of 64 rows would be answered another class than the model itself says, (sick and not well|well and not sick)/,
      ) as string,
    });
  });
});
