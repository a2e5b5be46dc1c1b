/** Models that take a window and a table at once, and models of several outputs, as a manifest declares them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelArtifact } from './engines/model-artifact.js';
import { InferenceEngines } from './inference-engines.js';
import type { InputRow, ModelManifest } from './manifest.js';
import { Scorer } from './scorer.js';

const folder = join(import.meta.dirname, '../../../test/golden/keras');
const engines = new InferenceEngines('auto', () => undefined);

interface GoldenCase<Inputs, Outputs> {
  readonly kerasVersion: string;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
}

function goldenCase<Inputs, Outputs>(name: string): GoldenCase<Inputs, Outputs> {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as GoldenCase<Inputs, Outputs>;
}

function artifactOf(name: string): ModelArtifact {
  return new ModelArtifact(readFileSync(join(folder, `${name}.keras`)), 'keras');
}

const common = {
  schemaVersion: 1,
  name: 'golden',
  version: '1.0.0',
  title: 'Golden',
  artifact: { file: 'model.keras', format: 'keras' },
} as const;

function expectClose(answers: Float32Array, expected: readonly number[]): void {
  expect(answers).toHaveLength(expected.length);
  for (const [index, wanted] of expected.entries())
    expect(Math.abs((answers[index] as number) - wanted)).toBeLessThanOrEqual(1e-5 + 1e-5 * Math.abs(wanted));
}

describe('a model of a window and of a table', () => {
  const name = 'vitals-and-demographics-k3_15-keras';
  const golden = goldenCase<{ vitals: number[][][]; demographics: number[][] }, number[][]>(name);
  const signals = ['a', 'b', 'c', 'd', 'e'].map((signal) => ({ name: signal, title: signal, unit: '1' }));
  const inputs = ['w', 'x', 'y', 'z'].map((input) => ({ name: input, title: input, type: 'number' as const }));
  const manifest: ModelManifest = {
    ...common,
    task: 'binary-classification',
    inputs,
    observations: { signals },
    features: {
      demographics: [{ select: inputs.map((input) => input.name) }],
      vitals: [{ window: { samples: 12, samplingInterval: 60 } }, { select: signals.map((signal) => signal.name) }],
    },
    output: { classes: ['no', 'yes'].map((label) => ({ name: label, title: label })) },
  };
  const rows = golden.inputs.vitals.map((timesteps, row): InputRow => ({
    ...Object.fromEntries(
      inputs.map((input, column) => [input.name, golden.inputs.demographics[row]?.[column] ?? NaN]),
    ),
    observations: timesteps.flatMap((line, minute) =>
      line.map((value, signal) => ({
        signal: signals[signal]?.name ?? '',
        value,
        time: new Date(Date.UTC(2026, 0, 31, 10, minute)).toISOString(),
      })),
    ),
  }));

  it.each(['onnx', 'tfjs'] as const)(
    'answers as Keras does on %s, each row from its values and its observations',
    async (engine) => {
      const scorer = new Scorer(manifest, await engines.load(artifactOf(name), engine));
      expectClose((await scorer.score(rows)).values, golden.outputs.flat());
      for (const [row, scores] of golden.outputs.entries())
        expectClose((await scorer.score([rows[row] as InputRow])).values, scores);
      await scorer.model.dispose();
    },
  );

  it('is verified by golden rows that name its inputs, and by random rows', async () => {
    const file = { schemaVersion: 1 as const, answeredBy: `keras ${golden.kerasVersion}`, outputs: golden.outputs };
    const record = await engines.verify({
      artifact: artifactOf(name),
      manifest,
      golden: { ...file, inputs: golden.inputs },
    });
    expect(record, record.reason).toMatchObject({ passed: true, singleEngine: false });
    expect(record.comparisons.filter(({ kind }) => kind === 'golden')).toHaveLength(2);
    const unnamed = await engines.verify({
      artifact: artifactOf(name),
      manifest,
      golden: { ...file, inputs: golden.inputs.vitals },
    });
    expect(unnamed.reason).toBe('The golden rows must have inputs for each of vitals, demographics.');
    const { vitals } = golden.inputs;
    const others = await engines.verify({
      artifact: artifactOf(name),
      manifest,
      golden: { ...file, inputs: { vitals, age: vitals } },
    });
    expect(others.reason).toBe(
      'The golden rows have inputs for vitals, age, features has steps to vitals, demographics.',
    );
  });

  it.each<[string, ModelManifest['features'], RegExp]>([
    [
      'one list of steps',
      [{ window: { samples: 12 } }],
      /takes vitals \[12, 5\], demographics \[4\]; name the steps to each/,
    ],
    [
      'steps to another input',
      { vitals: [{ window: { samples: 12 } }], age: [] },
      /takes vitals, demographics; features has steps to vitals, age/,
    ],
    [
      'a window of another size',
      { ...manifest.features, vitals: [{ window: { samples: 10 } }, { select: ['a', 'b', 'c', 'd', 'e'] }] },
      /Input vitals of the model takes rows of \[12, 5\], the manifest declares 10 samples of 5 columns/,
    ],
  ])('does not fit %s', async (_, features, message) => {
    const model = await engines.load(artifactOf(name), 'onnx');
    expect(() => new Scorer({ ...manifest, features }, model)).toThrow(message);
    await model.dispose();
  });
});

describe('a model of several outputs', () => {
  const name = 'bidirectional-lstm-k3_15-keras';
  const golden = goldenCase<number[][][], { last: number[][]; sequence: number[][][] }>(name);
  const signals = ['a', 'b', 'c'].map((signal) => ({ name: signal, title: signal, unit: '1' }));
  const manifestOf = (score: string | undefined): ModelManifest => ({
    ...common,
    task: 'multiclass-classification',
    inputs: [],
    observations: { signals },
    features: [{ window: { samples: 6 } }],
    output: {
      classes: Array.from({ length: 9 }, (_, label) => ({ name: `c${label}`, title: `C${label}` })),
      ...(score !== undefined && { score }),
    },
  });

  it('answers by the one that the manifest names', async () => {
    const scorer = new Scorer(manifestOf('last'), await engines.load(artifactOf(name), 'onnx'));
    const rows = golden.inputs.map((timesteps): InputRow => ({
      observations: timesteps.flatMap((line, minute) =>
        line.map((value, signal) => ({
          signal: signals[signal]?.name ?? '',
          value,
          time: new Date(Date.UTC(2026, 0, 31, 10, minute)).toISOString(),
        })),
      ),
    }));
    expectClose((await scorer.score(rows)).values, golden.outputs.last.flat());
    await scorer.model.dispose();
  });

  it('does not fit a manifest that names none, or another', async () => {
    const model = await engines.load(artifactOf(name), 'onnx');
    expect(() => new Scorer(manifestOf(undefined), model)).toThrow(
      /answers last \[9\], sequence \[6, 2\]; name the one/,
    );
    expect(() => new Scorer(manifestOf('risk'), model)).toThrow(/output.score names risk/);
    await model.dispose();
  });
});
