import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { zipOf } from '../../../../test/setup/zip-archive.js';
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

describe('a file whose names are made for the terminal', () => {
  const named = (name: string, className: string): string => {
    const path = join(mkdtempSync(join(folder, 'named-')), 'model.keras');
    const layers = [
      { class_name: 'InputLayer', module: 'keras.layers', config: { name: 'x', batch_shape: [null, 3] } },
      { class_name: className, module: 'keras.layers', config: { name } },
    ];
    const config = { class_name: 'Sequential', module: 'keras', config: { name, layers } };
    const weights = readFileSync(join(golden, 'keras/mlp-6-14-7-1-k2_15-h5.h5'));
    writeFileSync(
      path,
      zipOf([
        { name: 'metadata.json', content: Buffer.from('{"keras_version": "3.15.1"}') },
        { name: 'config.json', content: Buffer.from(JSON.stringify(config)) },
        { name: 'model.weights.h5', content: weights },
      ]),
    );
    return path;
  };
  const hostile = 'a\u001b]0;title\u0007\u001b[2J\nAll of it will serve.\u202e';

  it.each([
    ['that serves', 'Flatten', 0],
    ['that does not', 'Sorcery', 1],
  ])('and %s is shown with nothing that a terminal obeys', async (_, className, expected) => {
    const { code, out } = await latido('keras', 'inspect', named(hostile, className));
    expect(code).toBe(expected);
    expect(out).toContain('\\u{1b}');
    for (const obeyed of ['\u001b', '\u0007', '\u202e', '\nAll of it will serve.\\']) expect(out).not.toContain(obeyed);
  });

  it('has long names cut', async () => {
    const { out } = await latido('keras', 'inspect', named('x'.repeat(100_000), 'Sorcery'));
    expect(out.length).toBeLessThan(2_000);
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

  it('verifies what the manifest passes over as well, by what the JSON beside it expects', async () => {
    const partly = join(folder, 'partly');
    mkdirSync(partly);
    writeFileSync(join(partly, 'manifest.json'), '{"cases": [{"file": "named.h5"}]}');
    for (const file of ['named', 'passed-over']) {
      copyFileSync(join(golden, 'keras/mlp-6-14-7-1-k2_15-h5.h5'), join(partly, `${file}.h5`));
      copyFileSync(join(golden, 'keras/mlp-6-14-7-1-k2_15-h5.json'), join(partly, `${file}.json`));
    }
    expect((await latido('keras', 'verify', partly)).out).toContain('2 cases, 4 comparisons equal');
    writeFileSync(join(partly, 'passed-over.json'), '{"inputs": [[NaN]]}');
    expect((await latido('keras', 'verify', partly)).out).toMatch(/2 cases, 2 comparisons equal.* 1 wrong\.\n$/);
    const lambda = join(partly, 'lambda.keras');
    copyFileSync(join(golden, 'keras/refuse-lambda-k3_15.keras'), lambda);
    expect((await latido('keras', 'verify', lambda)).code).toBe(1);
    writeFileSync(join(partly, 'lambda.json'), '{"expect": "run-or-refuse"}');
    expect((await latido('keras', 'verify', lambda)).code).toBe(0);
  });

  it.each(['null', '{"cases": 5}', '{"cases": [{}]}', '[null]', '{'])('refuses the manifest %s', async (manifest) => {
    const broken = mkdtempSync(join(folder, 'broken-'));
    writeFileSync(join(broken, 'manifest.json'), manifest);
    const { code, err } = await latido('keras', 'verify', broken);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^latido: \S+ (is no list of cases, each with its file|is not valid JSON: .*|holds no .* file)\.?\n$/,
    );
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
