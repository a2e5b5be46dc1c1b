import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DomainError } from '#platform';
import { describe, expect, it } from 'vitest';
import {
  attributeOf,
  externalTensor,
  graphOf,
  modelOf,
  nodeOf,
  onnxType,
  portOf,
} from '../../../../test/setup/onnx-model.js';
import { withinProcessorMs } from '../../../../test/setup/processor-time.js';
import { ModelArtifact } from './model-artifact.js';
import { OnnxEngine } from './onnx-engine.js';
import { OnnxFileError, readOnnxFile } from './onnx-file.js';
import { bytesField, concatenate, readFields, varintField } from './protobuf-wire.js';

const folder = join(import.meta.dirname, '../../../../test/golden/onnx');
const fileOf = (name: string): Uint8Array => readFileSync(join(folder, `${name}.onnx`));
const engine = new OnnxEngine();

const input = portOf(11, 'x', onnxType.float32, [null, 2]);
const output = portOf(12, 'y', onnxType.float32, [null, 2]);
const identity = nodeOf('Identity', ['x'], ['y']);

/** AttributeProto: a tensor (5), graphs (11), tensors (10), a sparse tensor (22). */
const valueOf = (number: number, content: Uint8Array): Uint8Array => bytesField(number, content);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function refusalOf(bytes: Uint8Array): string {
  try {
    readOnnxFile(bytes);
    return 'none';
  } catch (error) {
    if (error instanceof OnnxFileError) return error.code;
    throw error;
  }
}

describe('an ONNX file', () => {
  it('is loaded as it is where nothing has to change', () => {
    const bytes = fileOf('penguins-xgboost');
    expect(readOnnxFile(bytes).bytes).toBe(bytes);
  });

  it('carries the order of its classes', () => {
    expect(readOnnxFile(fileOf('penguins-xgboost')).classes).toEqual(['0', '1', '2']);
    expect(readOnnxFile(fileOf('vertebral-random-forest')).classes).toEqual(['DH', 'NO', 'SL']);
    expect(readOnnxFile(modelOf(graphOf(identity, input, output))).classes).toBeUndefined();
  });

  it('answers scores in place of ZipMap, and keeps every other byte', () => {
    const bytes = fileOf('vertebral-logreg-scaler-zipmap');
    const served = readOnnxFile(bytes);
    expect(served.classes).toEqual(['DH', 'NO', 'SL']);
    expect(Buffer.from(served.bytes).includes('ZipMap')).toBe(false);
    expect(readOnnxFile(served.bytes).bytes).toBe(served.bytes);
    const [before, after] = [bytes, served.bytes].map((file) => readFields(file).map(({ whole }) => hex(whole)));
    const graphAt = readFields(bytes).findIndex(({ number }) => number === 7);
    expect(after?.toSpliced(graphAt, 1)).toEqual(before?.toSpliced(graphAt, 1));
    const [nodesBefore, nodesAfter] = [bytes, served.bytes].map((file) => {
      const graph = readFields(file)[graphAt]?.content ?? new Uint8Array();
      return readFields(graph).flatMap(({ number, whole }) => (number === 12 ? [] : [hex(whole)]));
    });
    expect(nodesAfter).toEqual(
      nodesBefore?.filter((field) => !field.includes(hex(new TextEncoder().encode('ZipMap')))),
    );
  });

  it('keeps a ZipMap whose maps another node reads', () => {
    const zipMap = nodeOf('ZipMap', ['x'], ['maps']);
    const bytes = modelOf(graphOf(zipMap, nodeOf('Reader', ['maps'], ['y']), input, output));
    expect(readOnnxFile(bytes).bytes).toBe(bytes);
  });
});

describe('hostile bytes', () => {
  it.each([
    ['an initialiser', bytesField(5, externalTensor('w'))],
    ['a sparse initialiser', bytesField(15, bytesField(1, externalTensor('w')))],
    ["a node's tensor", nodeOf('Constant', [], ['w'], attributeOf('value', 4, valueOf(5, externalTensor('w'))))],
    ["one of a node's tensors", nodeOf('Any', [], ['w'], attributeOf('values', 9, valueOf(10, externalTensor('w'))))],
    [
      "a node's sparse tensor",
      nodeOf('Any', [], ['w'], attributeOf('value', 11, valueOf(22, bytesField(2, externalTensor('w'))))),
    ],
    [
      'a graph within the graph',
      nodeOf('If', ['x'], ['z'], attributeOf('then', 5, valueOf(6, graphOf(bytesField(5, externalTensor('w')))))),
    ],
  ])('with weights in another file, as %s, are refused', async (_place, field) => {
    const bytes = modelOf(graphOf(field, identity, input, output));
    expect(refusalOf(bytes)).toBe('external-data');
    await expect(engine.load(new ModelArtifact(bytes, 'onnx'))).rejects.toMatchObject({
      name: 'MODEL_UNREADABLE',
      cause: { code: 'external-data' },
    });
  });

  it('with weights in another file, in a function or in training information, are refused', () => {
    const constant = attributeOf('value', 4, valueOf(5, externalTensor('w')));
    const called = concatenate([nodeOf('Constant', [], ['w'], constant)]).slice();
    // The nodes of a function have field number 7, those of a graph 1.
    called[0] = 7 * 8 + 2;
    expect(refusalOf(modelOf(graphOf(identity, input, output), bytesField(25, called)))).toBe('external-data');
    const training = bytesField(20, bytesField(2, graphOf(bytesField(5, externalTensor('w')))));
    expect(refusalOf(modelOf(graphOf(identity, input, output), training))).toBe('external-data');
  });

  it('with graphs within graphs without end are refused', () => {
    let graph = graphOf(identity);
    for (let depth = 0; depth < 40; depth++)
      graph = graphOf(nodeOf('If', ['x'], ['z'], attributeOf('then', 5, valueOf(6, graph))));
    expect(refusalOf(modelOf(graph))).toBe('too-deep');
  });

  it.each([
    ['no bytes', new Uint8Array()],
    ['text', new TextEncoder().encode('no model')],
    ['a length beyond the end', Uint8Array.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ['a length of 2^63', Uint8Array.from([0x3a, 255, 255, 255, 255, 255, 255, 255, 255, 127])],
    ['a number without end', new Uint8Array(100).fill(0xff)],
    ['no graph', varintField(1, 8)],
    ['two graphs', concatenate([modelOf(graphOf(identity)), bytesField(7, graphOf(identity))])],
    ['the format of ONNX Runtime', concatenate([new Uint8Array(4), new TextEncoder().encode('ORTM')])],
  ])('that are %s are refused', async (_kind, bytes) => {
    expect(refusalOf(bytes)).toBe('not-onnx');
    await expect(engine.load(new ModelArtifact(bytes, 'onnx'))).rejects.toMatchObject({ name: 'MODEL_UNREADABLE' });
  });

  it('that were cut or changed end in a model or in a refusal', async () => {
    const bytes = fileOf('vertebral-logreg-scaler-zipmap');
    const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
    const mutation = fc.record({ changes: fc.array(change, { maxLength: 3 }), cut: fc.nat(bytes.length) });
    await fc.assert(
      fc.asyncProperty(mutation, fc.boolean(), async ({ changes, cut }, isCut) => {
        const mutated = Uint8Array.from(bytes.subarray(0, isCut ? cut : bytes.length));
        for (const { at, to } of changes) if (at < mutated.length) mutated[at] = to;
        try {
          const model = await engine.load(new ModelArtifact(mutated, 'onnx'));
          await model.dispose();
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what operators say of a model', () => {
  const strings = (name: string, ...values: string[]): Uint8Array =>
    attributeOf(name, 8, concatenate(values.map((value) => bytesField(9, new TextEncoder().encode(value)))));
  /** The fields of a TensorProto of one int64. */
  const index = (name: string, value: number): Uint8Array =>
    bytesField(
      5,
      concatenate([
        varintField(1, 1),
        varintField(2, onnxType.int64),
        varintField(7, value),
        bytesField(8, new TextEncoder().encode(name)),
      ]),
    );
  const labels = strings('classlabels_strings', 'no', 'yes');
  const none = attributeOf('post_transform', 3, bytesField(4, new TextEncoder().encode('NONE')));

  it('are the texts of columns that were joined before they were taken apart', () => {
    const bytes = modelOf(
      graphOf(
        nodeOf('Concat', ['sex', 'ward'], ['both']),
        nodeOf('ArrayFeatureExtractor', ['both', 'second'], ['column']),
        nodeOf('OneHotEncoder', ['column'], ['encoded'], strings('cats_strings', 'A', 'B')),
        nodeOf('ArrayFeatureExtractor', ['table', 'second'], ['other']),
        nodeOf('LabelEncoder', ['other'], ['number'], strings('keys_strings', 'x')),
        index('second', 1),
        input,
        output,
      ),
    );
    expect([...readOnnxFile(bytes).texts]).toEqual([
      ['ward', [['A', 'B']]],
      // The first column of the table is not encoded.
      // eslint-disable-next-line no-sparse-arrays
      ['table', [, ['x']]],
    ]);
  });

  it('is that scores are distances where nothing makes probabilities of them', () => {
    const classifier = nodeOf('LinearClassifier', ['x'], ['label', 'scores'], labels, none);
    const kindWith = (...nodes: Uint8Array[]): boolean =>
      readOnnxFile(modelOf(graphOf(classifier, ...nodes, input, output))).isDecision;
    expect(kindWith()).toBe(true);
    expect(kindWith(nodeOf('Cast', ['scores'], ['y']))).toBe(true);
    expect(kindWith(nodeOf('Normalizer', ['scores'], ['y']))).toBe(false);
    expect(kindWith(nodeOf('Cast', ['scores'], ['s']), nodeOf('Softmax', ['s'], ['y']))).toBe(false);
  });

  it('is found in time that grows with the file', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => [
      nodeOf('Identity', [`v${at}`], [`v${at + 1}`]),
      nodeOf('OneHotEncoder', [`v${at}`], [`e${at}`], strings('cats_strings', 'A')),
      nodeOf('LinearClassifier', [`v${at}`], [`l${at}`, `v${at}`], labels, none),
    ]).flat();
    const bytes = modelOf(graphOf(...chain, input, output));
    withinProcessorMs(5_000, () => readOnnxFile(bytes));
  });
});
