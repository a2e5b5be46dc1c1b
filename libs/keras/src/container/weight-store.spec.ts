import { describe, expect, it } from 'vitest';
import { below, type WeightOwner, type WeightSpec } from './weight-spec.js';
import type { WeightArray, WeightGroup, WeightTree } from './weight-tree.js';
import { archiveWeightStore, legacyWeightStore } from './weight-store.js';

const owner = (name: string, className: string, indexInClass = 0, layersOfClass = 1): WeightOwner => ({
  name,
  className,
  position: indexInClass,
  indexInClass,
  layersOfClass,
});
const spec = (name: string, size: number, trainable?: boolean): WeightSpec => ({
  name,
  shape: [size],
  ...(trainable !== undefined && { trainable }),
});

/** A file's tree as the reader of HDF5 answers it: datasets of one axis, attributes of groups. */
function fileOf(
  datasets: Readonly<Record<string, readonly number[]>>,
  attributes: Readonly<Record<string, Readonly<Record<string, string | string[]>>>> = {},
): WeightTree {
  const groups = new Map<string, WeightGroup>();
  const addGroup = (path: string): void => {
    const own = attributes[path] ?? {};
    const text = (name: string): string | undefined => (typeof own[name] === 'string' ? own[name] : undefined);
    const texts = (name: string): string[] | undefined => (Array.isArray(own[name]) ? own[name] : undefined);
    groups.set(path, { text, texts });
  };
  for (const path of [...Object.keys(datasets), ...Object.keys(attributes).map((group) => `${group}/.`)]) {
    const segments = path.split('/').slice(0, -1);
    segments.forEach((_, depth) => addGroup(segments.slice(0, depth + 1).join('/')));
  }
  const readable = ([path, values]: [string, readonly number[]]): [string, WeightArray] => [
    path,
    { shape: [values.length], read: () => Float32Array.from(values) },
  ];
  return { groups, datasets: new Map(Object.entries(datasets).map(readable)) };
}

const values = (weights: readonly { values: Float32Array }[]): number[][] =>
  weights.map((weight) => [...weight.values]);

describe('weights of an .h5 file', () => {
  const block = owner('block', 'Functional');
  const inBlock = (layer: WeightOwner, ...specs: WeightSpec[]): WeightSpec[] => below(specs, block, layer);

  it('are found in the one group that no layer has for a Sequential that the file does not name', () => {
    const file = fileOf(
      { 'model_weights/sequential_2/in/bias:0': [1], 'model_weights/out/out/bias:0': [2] },
      {
        model_weights: { layer_names: ['sequential_2', 'activation', 'out'] },
        'model_weights/sequential_2': { weight_names: ['in/bias:0'] },
        'model_weights/activation': { weight_names: [] },
        'model_weights/out': { weight_names: ['out/bias:0'] },
      },
    );
    const inner = below([spec('bias', 1)], owner('sequential', 'Sequential'), owner('in', 'Dense'));
    const specs = [...inner, ...below([spec('bias', 1)], owner('out', 'Dense'))];
    expect(values(legacyWeightStore(file, 'model_weights').read(specs))).toEqual([[1], [2]]);
  });

  it('are told apart by the way that the layers of a Bidirectional run, in whatever order they stand', () => {
    const names = ['both/backward_lstm/bias:0', 'both/forward_lstm/bias:0', 'bn/gamma:0'];
    const file = fileOf(Object.fromEntries(names.map((name, index) => [`model_weights/block/${name}`, [index]])), {
      'model_weights/block': { weight_names: names },
    });
    const both = owner('both', 'Bidirectional');
    const specs = ['forward_layer', 'backward_layer'].flatMap((way) =>
      below([spec('bias', 1, false)], block, both, way, 'cell'),
    );
    const gamma = inBlock(owner('bn', 'BatchNormalization'), spec('gamma', 1));
    expect(values(legacyWeightStore(file, 'model_weights').read([...specs, ...gamma]))).toEqual([[1], [0], [2]]);
  });

  it('are refused where LoRA adapts them, of which the configuration need not tell', () => {
    const names = ['bias', 'lora_kernel_a', 'lora_kernel_b', 'kernel'];
    const file = fileOf(Object.fromEntries(names.map((name) => [`model_weights/dense/${name}`, [1]])), {
      'model_weights/dense': { weight_names: names },
    });
    const specs = below([spec('kernel', 1), spec('bias', 1)], owner('dense', 'Dense'));
    expect(() => legacyWeightStore(file, 'model_weights').read(specs)).toThrow(
      expect.objectContaining({ code: 'unsupported-option', layer: 'dense' }),
    );
  });

  it('are found by name in a nested model, which lists statistics and frozen layers last', () => {
    const file = fileOf(
      {
        'model_weights/block/out/bias:0': [5],
        'model_weights/block/bn/gamma:0': [1],
        'model_weights/block/bn/moving_mean:0': [3],
        'model_weights/block/in/bias:0': [7],
      },
      { 'model_weights/block': { weight_names: ['bn/gamma:0', 'out/bias:0', 'in/bias:0', 'bn/moving_mean:0'] } },
    );
    const specs = [
      ...inBlock(owner('in', 'Dense', 0, 2), spec('bias', 1, false)),
      ...inBlock(owner('bn', 'BatchNormalization'), spec('gamma', 1), spec('moving_mean', 1, false)),
      ...inBlock(owner('out', 'Dense', 1, 2), spec('bias', 1)),
    ];
    expect(values(legacyWeightStore(file, 'model_weights').read(specs))).toEqual([[7], [1], [3], [5]]);
  });

  it('of one name are taken in their order', () => {
    const names = ['f/cell/kernel', 'f/cell/bias', 'b/cell/kernel', 'b/cell/bias'];
    const file = fileOf(Object.fromEntries(names.map((name, index) => [`w/bi/${name}`, [index]])), {
      'w/bi': { weight_names: names },
    });
    const specs = ['forward_layer', 'backward_layer'].flatMap((side) =>
      below([spec('kernel', 1), spec('bias', 1)], owner('bi', 'Bidirectional'), side, 'cell'),
    );
    expect(values(legacyWeightStore(file, 'w').read(specs))).toEqual([[0], [1], [2], [3]]);
  });

  it('of a nested model are taken in the order of its layers, where names tell nothing', () => {
    const names = ['m/old_a/bias:0', 'm/old_b/bias:0'];
    const file = fileOf(Object.fromEntries(names.map((name, index) => [`w/m/${name}`, [index]])), {
      'w/m': { weight_names: names },
    });
    const within = (name: string, position: number): WeightSpec[] =>
      below([spec('bias', 1)], owner('m', 'Functional'), owner(name, 'Dense', position, 2));
    // `b` is computed first.
    const specs = [...within('b', 1), ...within('a', 0)];
    expect(values(legacyWeightStore(file, 'w').read(specs))).toEqual([[1], [0]]);
  });

  it('whose names contradict their order are refused', () => {
    const read = (names: string[], specs: WeightSpec[]) => () =>
      legacyWeightStore(
        fileOf(Object.fromEntries(names.map((name) => [`w/m/${name}`, [0]])), { 'w/m': { weight_names: names } }),
        'w',
      ).read(specs);
    const refusal = expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining('order') });
    const exchanged = ['a', 'b'].flatMap((name, index) =>
      below([spec('bias', 1)], owner('m', 'Functional'), owner(name, 'Dense', index, 2)),
    );
    expect(read(['b/bias:0', 'a/bias:0'], exchanged)).toThrow(refusal);
    const sides = ['forward_layer', 'backward_layer'].flatMap((side) =>
      below([spec('bias', 1)], owner('m', 'Bidirectional'), side, 'cell'),
    );
    expect(read(['m/backward_gru/cell/bias:0', 'm/forward_gru/cell/bias:0'], sides)).toThrow(refusal);
  });

  it('without telling names are taken by position, what is not trained after the rest', () => {
    const file = fileOf(
      { 'w/bn/Variable:0': [1], 'w/bn/Variable_1:0': [2], 'w/bn/Variable_2:0': [3] },
      { 'w/bn': { weight_names: ['Variable:0', 'Variable_1:0', 'Variable_2:0'] } },
    );
    const specs = below(
      [spec('statistic', 1, false), spec('first', 1), spec('second', 1)],
      owner('bn', 'BatchNormalization'),
    );
    expect(values(legacyWeightStore(file, 'w').read(specs))).toEqual([[3], [1], [2]]);
  });

  it('that are not there, or of another shape, are named with the innermost layer', () => {
    const file = fileOf({ 'w/block/a/bias:0': [1, 2] }, { 'w/block': { weight_names: ['a/bias:0'] } });
    const read = (specs: WeightSpec[]) => () => legacyWeightStore(file, 'w').read(specs);
    expect(read(inBlock(owner('a', 'Dense'), spec('bias', 1)))).toThrow(
      expect.objectContaining({ code: 'shape-mismatch', layer: 'a' }),
    );
    expect(read(below([spec('bias', 2)], owner('other', 'Dense')))).toThrow(
      expect.objectContaining({ code: 'missing-weights', layer: 'other' }),
    );
  });
});

describe('weights of a .keras archive', () => {
  it('stand below the layers of nested models and the attributes of layers', () => {
    const file = fileOf({
      'layers/functional/layers/lstm/cell/vars/0': [1],
      'layers/functional/layers/lstm/cell/vars/1': [2],
      'layers/dense/vars/0': [3],
    });
    const specs = [
      ...below([spec('kernel', 1), spec('bias', 1)], owner('inner', 'Functional'), owner('x', 'LSTM'), 'cell'),
      ...below([spec('kernel', 1)], owner('head', 'Dense')),
    ];
    expect(values(archiveWeightStore(file).read(specs))).toEqual([[1], [2], [3]]);
  });

  it('of a class are counted in the order of their numbers, whatever the gaps, and also below the old root', () => {
    const root = '_layer_checkpoint_dependencies';
    const file = fileOf({
      [`${root}/dense/vars/0`]: [0],
      [`${root}/dense_2/vars/0`]: [1],
      [`${root}/dense_10/vars/0`]: [2],
    });
    const specs = [0, 1, 2].flatMap((index) => below([spec('kernel', 1)], owner(`d${index}`, 'Dense', index, 3)));
    expect(values(archiveWeightStore(file).read(specs))).toEqual([[0], [1], [2]]);
  });

  it('follow the layer names that newer files carry', () => {
    const file = fileOf(
      { 'layers/dense/vars/0': [0], 'layers/dense_1/vars/0': [1] },
      { 'layers/dense/vars': { name: 'second' }, 'layers/dense_1/vars': { name: 'first' } },
    );
    const specs = ['first', 'second'].flatMap((name, index) =>
      below([spec('kernel', 1)], owner(name, 'Dense', index, 2)),
    );
    expect(values(archiveWeightStore(file).read(specs))).toEqual([[1], [0]]);
  });

  it('stand under one of several spellings of an attribute', () => {
    const file = fileOf({ 'layers/attention/_query/vars/0': [4] });
    const specs = below([spec('kernel', 1)], owner('attention', 'Attention'), ['query', '_query']);
    expect(values(archiveWeightStore(file).read(specs))).toEqual([[4]]);
  });
});
