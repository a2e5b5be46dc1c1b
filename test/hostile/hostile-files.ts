/** Files that are made to cost their reader time or memory, or to make it read something else: one of each kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as hdf5 from 'h5wasm';
import { array, dtype, floats, npy, npyOf, string, tuple } from '../setup/numpy-file.js';
import { zipOf, type ZipEntry } from '../setup/zip-archive.js';

export interface HostileFile {
  readonly name: string;
  /** Codes of refusal; several where the size of a bound decides which comes first. */
  readonly codes: readonly string[];
  bytes(): Uint8Array;
}

const crafted = join(import.meta.dirname, 'hdf5');
const golden = join(import.meta.dirname, '../golden/keras');
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** A file as h5wasm writes it. */
async function hdf5Of(fill: (file: hdf5.File) => void): Promise<Uint8Array> {
  const { FS } = await hdf5.ready;
  const path = `/${crypto.randomUUID()}.h5`;
  const file = new hdf5.File(path, 'w');
  fill(file);
  file.close();
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return bytes;
}

const noWeights = await hdf5Of((file) => file.create_group('layers'));

/** A `.keras` archive of a configuration. */
function kerasOf(config: string, ...more: ZipEntry[]): Uint8Array {
  return zipOf([
    { name: 'metadata.json', content: text('{"keras_version": "3.15.1"}') },
    { name: 'config.json', content: text(config) },
    { name: 'model.weights.h5', content: noWeights },
    ...more,
  ]);
}

type Json = Readonly<Record<string, unknown>>;

function layer(className: string, name: string, config: Json, more: Json = {}): Json {
  return { class_name: className, module: 'keras.layers', config: { name, ...config }, ...more };
}

const input = layer('InputLayer', 'x', { batch_shape: [null, 4] });

function sequential(layers: readonly Json[], name = 'model'): Json {
  return layer('Sequential', name, { layers });
}

const kerasOfLayers = (...layers: Json[]): Uint8Array => kerasOf(JSON.stringify(sequential([input, ...layers])));

/** A functional model of layers that each take those named. */
function functional(layers: readonly (readonly [Json, ...string[]])[], output: string): string {
  const calls = (inputs: readonly string[]): unknown[] =>
    inputs.length === 0 ? [] : [inputs.map((name) => [name, 0, 0, {}])];
  return JSON.stringify(
    layer('Functional', 'model', {
      layers: layers.map(([saved, ...inputs]) => ({
        ...saved,
        name: (saved['config'] as { name: string }).name,
        inbound_nodes: calls(inputs),
      })),
      input_layers: [['x', 0, 0]],
      output_layers: [[output, 0, 0]],
    }),
  );
}

const dense = (name: string, units: unknown = 4): Json => layer('Dense', name, { units });

function nested(depth: number): Json {
  let model = sequential([input, dense('innermost')], 'm0');
  for (let level = 1; level <= depth; level++) model = sequential([model], `m${level}`);
  return model;
}

/** Each level calls the one below twice. */
function doublingModels(levels: number): Json {
  let model = JSON.parse(functional([[input], [dense('innermost'), 'x']], 'innermost')) as Json;
  for (let level = 0; level < levels; level++) {
    const inner = { ...model, config: { ...(model['config'] as Json), name: 'inner' } };
    const outer = JSON.parse(functional([[input], [inner, 'x']], 'inner')) as {
      config: { layers: { inbound_nodes: unknown }[]; output_layers: unknown };
    };
    (outer.config.layers[1] as { inbound_nodes: unknown }).inbound_nodes = [[['x', 0, 0, {}]], [['inner', 0, 0, {}]]];
    outer.config.output_layers = [['inner', 1, 0]];
    model = outer as unknown as Json;
  }
  return model;
}

const tooLarge = ['too-large'];
const invalid = ['invalid-config'];

const archives: readonly HostileFile[] = [
  { name: 'zip: bomb', codes: tooLarge, bytes: () => zipOf([{ name: 'config.json', content: new Uint8Array(300e6) }]) },
  {
    name: 'zip: bomb in the weights',
    codes: tooLarge,
    bytes: () =>
      zipOf([
        { name: 'metadata.json', content: text('{"keras_version": "3.15.1"}') },
        { name: 'config.json', content: text(JSON.stringify(sequential([input, dense('d')]))) },
        { name: 'model.weights.h5', content: new Uint8Array(200e6) },
      ]),
  },
  {
    name: 'zip: inflates to more than declared',
    codes: ['zip-size-mismatch'],
    bytes: () => zipOf([{ name: 'config.json', content: new Uint8Array(200e6), claimed: { size: 100 } }]),
  },
  {
    name: 'zip: one name twice',
    codes: ['zip-duplicate-entry'],
    bytes: () => kerasOf('{}', { name: 'config.json', content: text('{}') }),
  },
  {
    name: 'zip: path escapes',
    codes: ['zip-path-escape'],
    bytes: () => kerasOf('{}', { name: '../../etc/cron.d/x', content: text('x') }),
  },
  {
    name: 'zip: absolute path',
    codes: ['zip-path-escape'],
    bytes: () => kerasOf('{}', { name: '/etc/passwd', content: text('x') }),
  },
  {
    name: 'zip: many entries',
    codes: tooLarge,
    bytes: () =>
      zipOf(Array.from({ length: 60_000 }, (_, index) => ({ name: `assets/${index}`, content: new Uint8Array(0) }))),
  },
  {
    name: 'zip: cut off',
    codes: ['truncated'],
    bytes: () => readFileSync(join(golden, 'mlp-deep-12-k3_15-keras.keras')).subarray(0, 9_000),
  },
];

const configurations: readonly HostileFile[] = [
  { name: 'json: deep', codes: tooLarge, bytes: () => kerasOf('['.repeat(8e6)) },
  {
    name: 'json: deep inside of the model',
    codes: tooLarge,
    bytes: () => kerasOf('{"class_name":"Sequential","config":{"layers":['.repeat(2000)),
  },
  {
    name: 'json: 16 MB of arrays',
    codes: tooLarge,
    bytes: () => kerasOf(`{"a":[${'[],'.repeat(5.5e6)}0]}`),
  },
  {
    name: 'json: 16 MB of objects',
    codes: tooLarge,
    bytes: () => kerasOf(`{"a":[${'{"b":0},'.repeat(2e6)}0]}`),
  },
  {
    name: 'json: 16 MB of different names',
    codes: tooLarge,
    bytes: () => kerasOf(`{${Array.from({ length: 1e6 }, (_, index) => `"k${index}":0`).join()}}`),
  },
  { name: 'json: more than the bound', codes: tooLarge, bytes: () => kerasOf(`{"a":"${' '.repeat(17e6)}"}`) },
  { name: 'json: no JSON', codes: invalid, bytes: () => kerasOf('\0'.repeat(1e6)) },
  {
    name: 'model: 100,000 layers in a row',
    codes: tooLarge,
    bytes: () => kerasOfLayers(...Array.from({ length: 1e5 }, (_, index) => dense(`d${index}`))),
  },
  {
    name: 'model: 100,000 layers called one by one',
    codes: tooLarge,
    bytes: () =>
      kerasOf(
        functional(
          [
            [input],
            ...Array.from({ length: 1e5 }, (_, at) => [dense(`d${at}`), at === 0 ? 'x' : `d${at - 1}`] as const),
          ],
          'd99999',
        ),
      ),
  },
  {
    name: 'model: a cycle',
    codes: invalid,
    bytes: () => kerasOf(functional([[input], [dense('a'), 'b'], [dense('b'), 'a']], 'b')),
  },
  {
    name: 'model: a layer that takes itself',
    codes: invalid,
    bytes: () => kerasOf(functional([[input], [dense('a'), 'a']], 'a')),
  },
  {
    name: 'model: one tensor 100,000 times',
    codes: [...tooLarge, 'invalid-config', 'missing-weights'],
    bytes: () =>
      kerasOf(
        functional(
          [
            [input],
            [dense('d', 1e6), 'x'],
            [layer('Concatenate', 'c', { axis: -1 }), ...new Array<string>(1e5).fill('d')],
          ],
          'c',
        ),
      ),
  },
  {
    name: 'model: models 100 deep',
    codes: ['too-large', 'invalid-config'],
    bytes: () => kerasOf(JSON.stringify(nested(100))),
  },
  { name: 'model: 2^30 layers at work', codes: tooLarge, bytes: () => kerasOf(JSON.stringify(doublingModels(30))) },
  ...[2 ** 31, 2 ** 53 - 1, 2 ** 60, 1e308].map((units): HostileFile => ({
    name: `model: ${units} units`,
    codes: ['too-large', 'invalid-config', 'shape-mismatch'],
    bytes: () => kerasOfLayers(dense('d', units), dense('e', units)),
  })),
  {
    name: 'model: an input of 2^62 numbers',
    codes: ['too-large', 'invalid-config'],
    bytes: () =>
      kerasOf(
        JSON.stringify(sequential([layer('InputLayer', 'x', { batch_shape: [null, 2 ** 31, 2 ** 31] }), dense('d')])),
      ),
  },
  {
    name: 'model: weights of 2^44 numbers',
    codes: ['too-large', 'missing-weights', 'shape-mismatch'],
    bytes: () => kerasOfLayers(dense('d', 2 ** 22), dense('e', 2 ** 22)),
  },
  ...(
    [
      ['RepeatVector', { n: 2 ** 40 }],
      ['Reshape', { target_shape: [2 ** 26, 2 ** 26, 2 ** 26] }],
      ['ZeroPadding1D', { padding: 2 ** 40 }],
      ['UpSampling1D', { size: 2 ** 40 }],
      ['CategoryEncoding', { num_tokens: 2 ** 40 }],
      ['Embedding', { input_dim: 2 ** 30, output_dim: 2 ** 30 }],
    ] as const
  ).map(([className, options]): HostileFile => ({
    name: `model: ${className} to more than any memory`,
    codes: ['too-large', 'shape-mismatch', 'unsupported-layer', 'invalid-config', 'missing-weights'],
    bytes: () => kerasOfLayers(layer(className, 'l', options)),
  })),
];

const hdf5Codes: Readonly<Record<string, readonly string[]>> = {
  'cyclic-hard': ['corrupt-hdf5'],
  'cyclic-soft': ['corrupt-hdf5'],
  'deep-groups': tooLarge,
  doubling: ['corrupt-hdf5'],
  'external-behind-soft': ['external-link'],
  'external-null': ['external-storage'],
  'external-self': ['external-storage'],
  'fill-2-25': tooLarge,
  'fill-2-40': tooLarge,
  'gzip-chunk': ['too-much-memory'],
  'gzip-twice': ['too-much-memory'],
  'huge-attribute': tooLarge,
  'huge-chunk': tooLarge,
  lzf: ['unsupported-filter'],
  'many-attributes': tooLarge,
  'null-attribute': ['weights-only'],
  overflow: tooLarge,
  'reference-names': ['corrupt-hdf5'],
  references: ['unsupported-dtype'],
  scaleoffset: ['unsupported-filter'],
  'soft-loop': ['corrupt-hdf5'],
  szip: ['unsupported-filter'],
  virtual: ['external-storage'],
  'virtual-empty': ['external-storage'],
  'vlen-attribute': ['too-much-memory'],
};

const manyLinks = await hdf5Of((file) => {
  file.create_dataset({ name: 'd', data: new Float32Array(4) });
  for (let link = 0; link < 30_000; link++) file.create_hard_link('/d', `link ${link}`);
});

/** The library walks a heap by the sizes of its objects. */
function endlessHeap(): Uint8Array {
  const bytes = Buffer.from(readFileSync(join(golden, 'mlp-6-14-7-1-k2_15-h5.h5')));
  const heap = bytes.indexOf('GCOL');
  bytes.fill(0, heap + 16, heap + 32);
  return bytes;
}

const hdf5Files: readonly HostileFile[] = [
  ...readdirSync(crafted).map((file): HostileFile => {
    const name = file.replace('.h5.gz', '');
    return {
      name: `hdf5: ${name}`,
      codes: hdf5Codes[name] ?? [],
      bytes: () => gunzipSync(readFileSync(join(crafted, file))),
    };
  }),
  { name: 'hdf5: a heap with free space of no size', codes: ['corrupt-hdf5'], bytes: () => endlessHeap() },
  { name: 'hdf5: many links', codes: tooLarge, bytes: () => manyLinks },
  {
    name: 'hdf5: cut off',
    codes: ['truncated'],
    bytes: () => readFileSync(join(golden, 'mlp-6-14-7-1-k2_15-h5.h5')).subarray(0, 20_000),
  },
];

/** A `.keras` archive of one Dense layer, whose weights are these members of `model.weights.npz`. */
function kerasOfNpz(...members: ZipEntry[]): Uint8Array {
  return zipOf([
    { name: 'metadata.json', content: text('{"keras_version": "3.15.1"}') },
    { name: 'config.json', content: text(JSON.stringify(sequential([input, dense('d')]))) },
    { name: 'model.weights.npz', content: zipOf(members) },
  ]);
}

const pickleOf = (name: string, codes: readonly string[], pickle: string): HostileFile => ({
  name: `npz: ${name}`,
  codes,
  bytes: () => kerasOfNpz({ name: 'layers/dense.npy', content: npy(`\x80\x03${pickle}.`) }),
});
const unreadable = ['corrupt-npz'];

const npzFiles: readonly HostileFile[] = [
  pickleOf('calls the system', unreadable, `cos\nsystem\n${tuple(string('touch /tmp/called'))}R`),
  pickleOf('nested 40,000 deep', unreadable, `${'('.repeat(4e4)}N${'t'.repeat(4e4)}`),
  pickleOf('90,000 empty lists', unreadable, `(${']'.repeat(9e4)}t`),
  pickleOf('16 MB of steps', tooLarge, '}'.repeat(16e6)),
  pickleOf('a list that doubles 40 times', unreadable, `N${'q\x00h\x00\x86'.repeat(40)}`),
  {
    name: 'npz: bomb in the bomb',
    codes: tooLarge,
    bytes: () => kerasOfNpz({ name: 'layers/dense.npy', content: new Uint8Array(200e6) }),
  },
  {
    name: 'npz: an array of 2^62 numbers',
    codes: tooLarge,
    bytes: () =>
      kerasOfNpz({
        name: 'layers/dense.npy',
        content: npyOf({ 0: array(new Array<number>(2).fill(2 ** 31 - 1), dtype('f4'), floats(1)) }),
      }),
  },
  {
    name: 'npz: many members',
    codes: tooLarge,
    bytes: () =>
      kerasOfNpz(...Array.from({ length: 20_000 }, (_, at) => ({ name: `layers/d_${at}.npy`, content: npyOf({}) }))),
  },
];

export const hostileFiles: readonly HostileFile[] = [...archives, ...configurations, ...hdf5Files, ...npzFiles];
