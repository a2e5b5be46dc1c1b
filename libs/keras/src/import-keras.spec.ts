/**
 * Reads ../shared/fixtures/cardiac where it is at hand (its licence does not allow a copy in the project), and is
 * skipped where not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importKeras, KerasImportError, type KerasGraph } from './index.js';
import { snakeCase } from './container/weight-store.js';

const root = join(import.meta.dirname, '../../..');
const golden = (name: string): Buffer => readFileSync(join(root, 'test/golden/keras', name));
const windowsFile = join(root, '../shared/fixtures/cardiac/unlp-7-inputs.keras');

describe('importing a file', () => {
  it('describes its layers, shapes and parameters', async () => {
    const graph = await importKeras(golden('mlp-6-14-7-1-k3_15-keras.keras'));
    expect(graph.keras).toMatchObject({ major: 3, minor: 15 });
    expect(graph.inputs.map(({ tensor }) => tensor.shape)).toEqual([[null, 6]]);
    expect(graph.outputs.map(({ tensor }) => tensor.shape)).toEqual([[null, 1]]);
    expect(graph.parameterCount).toBe(6 * 14 + 14 + 14 * 7 + 7 + 7 + 1);
  });

  it('goes by the content and not by the name of a file', async () => {
    await expect(importKeras(golden('mlp-6-14-7-1-k2_15-h5.h5'))).resolves.toMatchObject({ keras: { text: '2.15.0' } });
    await expect(importKeras(new TextEncoder().encode('a text'))).rejects.toMatchObject({ code: 'not-keras' });
    await expect(importKeras(new Uint8Array(0))).rejects.toMatchObject({ code: 'not-keras' });
  });

  it('turns the kernels of Theano, and knows by the back end what it computes otherwise', async () => {
    const ofTheano = (name: string): Buffer =>
      Buffer.from(golden(name).toString('latin1').replaceAll('tensorflow', 'theano\0\0\0\0'), 'latin1');
    const name = 'conv1d-shape-layers-k2_2-h5.h5';
    const [plain, turned] = await Promise.all([importKeras(golden(name)), importKeras(ofTheano(name))]);
    expect([plain.keras.onTheano, turned.keras.onTheano]).toEqual([false, true]);
    const kernelOf = ({ weights }: KerasGraph): number[] =>
      Array.from(weights.find(({ shape }) => shape.length === 3)?.values ?? []);
    expect(kernelOf(turned)).not.toEqual(kernelOf(plain));
    expect(kernelOf(turned).toSorted()).toEqual(kernelOf(plain).toSorted());
  });

  it('keeps the bounds it is given', async () => {
    const bytes = golden('mlp-6-14-7-1-k3_15-keras.keras');
    for (const limits of [
      { maxFileBytes: 1000 },
      { maxInflatedBytes: 1000 },
      { maxConfigBytes: 100 },
      { maxHdf5Objects: 3 },
      { maxParameters: 50 },
    ]) {
      await expect(importKeras(bytes, limits), JSON.stringify(limits)).rejects.toMatchObject({ code: 'too-large' });
    }
  });

  it('imports two files at once without mixing them up', async () => {
    const names = [
      'mlp-6-14-7-1-k3_15-keras.keras',
      'norm-adapted-k2_13-keras.keras',
      'mlp-6-14-7-1-k2_15-h5.h5',
      'mlp-late-built-k2_4-h5.h5',
    ];
    const graphs = await Promise.all(names.map((name) => importKeras(golden(name))));
    expect(graphs.map(({ inputs }) => inputs[0]?.tensor.shape)).toEqual([
      [null, 6],
      [null, 6],
      [null, 6],
      [null, 4],
    ]);
  });

  it('ends in a graph or a coded refusal for damaged files', async () => {
    const originals = [
      'mlp-6-14-7-1-k3_15-keras.keras',
      'mlp-6-14-7-1-k2_15-h5.h5',
      'norm-adapted-k2_13-keras.keras',
    ].map(golden);
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        damage,
        fc.option(fc.nat(), { freq: 4 }),
        async (original, flips, cut) => {
          const bytes = Uint8Array.from(original);
          for (const [position, value] of flips) bytes[position % bytes.length] = value;
          const outcome = await importKeras(cut === null ? bytes : bytes.subarray(0, cut % bytes.length)).catch(
            (error: unknown) => error,
          );
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(KerasImportError);
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });

  it.skipIf(!existsSync(windowsFile))('reads a file that was written on Windows', async () => {
    const graph = await importKeras(readFileSync(windowsFile));
    expect(
      graph.nodes.map(({ layer, weights }) => [layer.name, ...weights.map(({ shape }) => shape.join('×'))]),
    ).toEqual([
      ['dense', '7×14', '14'],
      ['dense_1', '14×7', '7'],
      ['dense_2', '7×1', '1'],
    ]);
  });
});

describe('the names of weight groups', () => {
  it.each([
    ['Dense', 'dense'],
    ['BatchNormalization', 'batch_normalization'],
    ['Conv1D', 'conv1d'],
    ['PReLU', 'p_re_lu'],
    ['GlobalMaxPooling1D', 'global_max_pooling1d'],
    ['LSTM', 'lstm'],
  ])('are those of Keras: %s is %s', (className, group) => {
    expect(snakeCase(className)).toBe(group);
  });
});
