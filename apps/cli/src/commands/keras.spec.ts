import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../all-commands.js';
import { runLayersModel } from '../layers-model.js';
import { run } from '../run.js';

const golden = join(import.meta.dirname, '../../../../test/golden');
const folder = mkdtempSync(join(tmpdir(), 'latido-keras-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function latido(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const code = await run(commands, words, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    attended: false,
    signal: new AbortController().signal,
  });
  return { code, ...written };
}

/** A model of the golden vectors with its answers, in a folder of its own, for the test to change. */
function copied(name: string, suffix: string, from = 'keras'): string {
  const path = join(folder, `${name}${suffix}`);
  copyFileSync(join(golden, from, `${name}${suffix}`), path);
  copyFileSync(join(golden, from, `${name}.json`), path.replace(suffix, '.json'));
  return path;
}

const edit = (path: string, change: (file: { outputs: number[][]; labels: string[] }) => void): void => {
  const file = JSON.parse(readFileSync(path, 'utf8')) as { outputs: number[][]; labels: string[] };
  change(file);
  writeFileSync(path, JSON.stringify(file));
};

describe('latido keras inspect', () => {
  it('shows layers, shapes and parameters', async () => {
    const { code, out } = await latido('keras', 'inspect', join(golden, 'keras/mlp-6-14-7-1-k3_15-keras.keras'));
    expect(code).toBe(0);
    expect(out).toMatch(/\.keras of Keras 3\.15\.1, 211 parameters/);
    expect(out).toMatch(/input +\S+ \[6\]/);
    expect(out).toMatch(/Dense +\[14\] +98/);
  });

  it('names what will not serve, with its code, and ends with 1', async () => {
    const { code, out } = await latido('keras', 'inspect', join(golden, 'keras/refuse-lambda-k3_15.keras'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ refusals: [{ code: 'lambda-layer', layer: 'lambda' }] });
  });
});

describe('latido keras verify', () => {
  it('compares both engines with what Keras answered', async () => {
    const { code, out } = await latido('keras', 'verify', copied('mlp-6-14-7-1-k2_15-h5', '.h5'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      wrong: 0,
      lines: [
        { engine: 'onnx', verdict: 'equal' },
        { engine: 'tfjs', verdict: 'equal' },
      ],
    });
  });

  it('ends with 1 where one number differs by more than the tolerance', async () => {
    const path = copied('mlp-6-14-7-1-k2_15-h5', '.h5');
    edit(path.replace('.h5', '.json'), (file) => {
      file.outputs[0]![0]! += 1e-3;
    });
    const { code, out } = await latido('keras', 'verify', path);
    expect(code).toBe(1);
    expect(out).toMatch(/onnx .*DIFFERENT +output .*: score 0 is/);
    expect((await latido('keras', 'verify', path, '--tolerance', '0.01')).code).toBe(0);
  });

  it('says so where there is nothing to compare with', async () => {
    const path = copied('mlp-6-14-7-1-k2_15-h5', '.h5');
    rmSync(path.replace('.h5', '.json'));
    expect(await latido('keras', 'verify', path)).toMatchObject({
      code: 1,
      out: expect.stringContaining('no mlp-6-14'),
    });
    expect(await latido('keras', 'verify', path, '--tolerance', 'x')).toMatchObject({ code: 2 });
    expect(await latido('keras', 'verify', join(folder, 'none.h5'))).toMatchObject({ code: 1 });
  });

  it('refuses answers that are not of one shape', async () => {
    const path = copied('mlp-6-14-7-1-k2_15-h5', '.h5');
    edit(path.replace('.h5', '.json'), (file) => {
      file.outputs = [[file.outputs[0]![0]!, file.outputs[1]![0]!], [], ...file.outputs.slice(2)];
    });
    expect(await latido('keras', 'verify', path)).toMatchObject({
      code: 1,
      out: expect.stringContaining('not of one shape'),
    });
  });

  it('reads classifiers of scikit-learn with their labels, and names the engine that does not', async () => {
    const path = copied('vertebral-logreg-scaler-zipmap', '.onnx', 'onnx');
    const { code, out } = await latido('keras', 'verify', path);
    expect(code).toBe(0);
    expect(out).toMatch(/onnx .*equal/);
    expect(out).toMatch(/tfjs .*not computed +tfjs does not compute onnx files/);
    edit(path.replace('.onnx', '.json'), (file) => file.labels.reverse());
    expect(await latido('keras', 'verify', path)).toMatchObject({
      code: 1,
      out: expect.stringContaining('instead of'),
    });
  });

  it('expects of a folder what its manifest says', { timeout: 120_000 }, async () => {
    const { code, out } = await latido('keras', 'verify', join(golden, 'keras'), '--json');
    const { lines, wrong } = JSON.parse(out) as { wrong: number; lines: { verdict: string; reason?: string }[] };
    expect({ code, wrong }).toEqual({ code: 0, wrong: 0 });
    expect(lines.filter(({ verdict }) => verdict === 'refused').length).toBeGreaterThanOrEqual(16);
    const misled = join(folder, 'misled');
    const manifest = {
      cases: [{ file: 'missing.h5' }],
      refusals: [{ file: join('..', 'mlp-6-14-7-1-k2_15-h5.h5'), reason: 'keras-1' }],
    };
    mkdirSync(misled);
    writeFileSync(join(misled, 'manifest.json'), JSON.stringify(manifest));
    copied('mlp-6-14-7-1-k2_15-h5', '.h5');
    const told = await latido('keras', 'verify', misled);
    expect(told.code).toBe(1);
    expect(told.out).toMatch(/missing\.h5 .*FAILED +There is no file/);
    expect(told.out).toMatch(/mlp-6-14-7-1-k2_15-h5\.h5 .*FAILED +it should be refused as keras-1/);
  });
});

describe('latido keras export', () => {
  const path = join(golden, 'keras/mlp-6-14-7-1-k2_15-h5.h5');

  it('writes ONNX that answers as Keras did', async () => {
    const output = join(folder, 'exported.onnx');
    expect((await latido('keras', 'export', path, '--to', 'onnx', '--output', output)).code).toBe(0);
    copyFileSync(path.replace('.h5', '.json'), output.replace('.onnx', '.json'));
    expect((await latido('keras', 'verify', output)).code).toBe(0);
  });

  it('writes a folder that TensorFlow.js loads by itself and answers as Keras did', async () => {
    const output = join(folder, 'exported-tfjs');
    expect((await latido('keras', 'export', path, '--to', 'tfjs', '--output', output)).code).toBe(0);
    const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(output, 'model.json'), 'utf8')) as {
      modelTopology: object;
      weightsManifest: { weights: io.WeightsManifestEntry[] }[];
    };
    const artifacts = {
      modelTopology,
      weightSpecs: weightsManifest[0]!.weights,
      weightData: Uint8Array.from(readFileSync(join(output, 'weights.bin'))).buffer,
    };
    const { inputs, outputs } = JSON.parse(readFileSync(path.replace('.h5', '.json'), 'utf8')) as {
      inputs: number[][];
      outputs: number[][];
    };
    const [answers] = await runLayersModel(artifacts, [
      { shape: [inputs.length, 6], values: Float32Array.from(inputs.flat()) },
    ]);
    outputs.flat().forEach((expected, index) => expect(answers![index]).toBeCloseTo(expected, 5));
  });

  it('refuses what TensorFlow.js computes otherwise, naming the layer, and writes nothing', async () => {
    const output = join(folder, 'refused');
    const wrong = join(golden, 'keras/act-common-k3_15-keras.keras');
    expect(await latido('keras', 'export', wrong, '--to', 'tfjs', '--output', output)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/TensorFlow\.js does not compute layer activation_\d+ \(Activation\) as Keras does/),
    });
    expect(existsSync(output)).toBe(false);
    expect((await latido('keras', 'export', path)).code).toBe(2);
    expect((await latido('keras', 'export', path, '--to', 'onnx', '--output', folder)).code).toBe(1);
  });
});
