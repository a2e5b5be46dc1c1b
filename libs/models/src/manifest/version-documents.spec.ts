import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { DomainError } from '#platform';
import type { ModelManifest } from '#inference';
import { withinProcessorMs } from '../../../../test/setup/processor-time.js';
import { tinyManifest, tinyRow } from '../../../../test/setup/version-folder.js';
import { exampleRow } from './row-schema.js';
import { readEvaluation, readExamples, readGolden, readManifest } from './version-documents.js';

const root = resolve(import.meta.dirname, '../../../..');
const cardiac = join(root, 'models/cardiac-risk/1.0.0');
const text = (name: string): string => readFileSync(join(cardiac, name), 'utf8');

function refusalOf(read: () => unknown): DomainError {
  try {
    read();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('it was read');
}

function faultsOf(change: object): string[] {
  const { extra } = refusalOf(() => readManifest(stringify({ ...tinyManifest('tiny', '1.0.0'), ...change })));
  return (extra.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
}

const inputWith = (change: object): object => ({
  inputs: [{ ...tinyManifest('tiny', '1.0.0').inputs[0], ...change }],
  features: undefined,
});

describe('the published schemas', () => {
  it('are those that the registry reads by', () => {
    const published = readdirSync(join(root, 'docs/schemas')).filter((name) => name.endsWith('.json'));
    expect(published).toEqual([
      'evaluation.schema.json',
      'examples.schema.json',
      'golden.schema.json',
      'manifest.schema.json',
    ]);
    for (const name of published) {
      expect(readFileSync(join(import.meta.dirname, name), 'utf8'), name).toBe(
        readFileSync(join(root, 'docs/schemas', name), 'utf8'),
      );
    }
  });
});

describe('the shipped cardiac model', () => {
  it('has a manifest, golden rows and an evaluation that are read whole', () => {
    const manifest = readManifest(text('manifest.yaml'));
    expect(manifest).toMatchObject({
      name: 'cardiac-risk',
      version: '1.0.0',
      notice: 'Trained on synthetic data; not for clinical use',
    });
    expect(readGolden(text('golden.json')).columns).toEqual(manifest.inputs.map(({ name }) => name));
    expect(readEvaluation(text('evaluation.json'), manifest).datasets.map(({ name }) => name)).toContain('held-out');
  });
});

describe('a manifest', () => {
  it('may be JSON', () => {
    const manifest = tinyManifest('tiny', '1.0.0');
    expect(readManifest(JSON.stringify(manifest))).toEqual(manifest);
  });

  it('is told all that is wrong with its form at once, with places', () => {
    expect(faultsOf({ name: 'Not Kebab', version: '1', colour: 'red', title: undefined })).toEqual([
      '/title is missing',
      '/colour is not a known field',
      expect.stringMatching(/^\/name must match pattern/),
      expect.stringMatching(/^\/version must match pattern/),
    ]);
  });

  it('is told where its parts contradict each other', () => {
    const [a, b] = tinyManifest('tiny', '1.0.0').inputs;
    expect(faultsOf({ inputs: [a, { ...b, name: 'a' }] })).toContain('/inputs/1/name is there twice');
    expect(faultsOf(inputWith({ range: { minimum: 2, maximum: 1 } }))).toContain(
      '/inputs/0/range has a minimum above its maximum',
    );
    expect(faultsOf(inputWith({ example: 7 }))).toContain(
      "/inputs/0/example is against the input's own type, range or values",
    );
    expect(faultsOf(inputWith({ type: 'integer', range: { minimum: 0.2, maximum: 0.8 } }))).toContain(
      '/inputs/0 needs an example: none follows from what is declared',
    );
    const values = [
      { value: 1, title: 'One' },
      { value: 1, title: 'Also one' },
      { value: 9, title: 'Nine' },
    ];
    expect(faultsOf(inputWith({ values }))).toEqual([
      '/inputs/0/values/1/value is there twice',
      "/inputs/0/values/2/value is against the input's own type or range",
    ]);
    expect(faultsOf({ features: [{ select: ['a', 'z', 'a'] }] })).toEqual([
      '/features/0/select/1 names no column: z',
      '/features/0/select/2 is there twice',
    ]);
  });

  it('declares the classes that its task asks for', () => {
    const three = ['x', 'y', 'z'].map((name) => ({ name, title: name }));
    expect(faultsOf({ output: { classes: three } })).toEqual([
      '/output/classes must have two entries: the negative class, then the positive one',
    ]);
    expect(faultsOf({ output: {} })).toEqual(['/output/classes is missing']);
    expect(faultsOf({ task: 'regression' })).toEqual(['/output/classes has no meaning for a regression']);
    expect(faultsOf({ task: 'multiclass-classification', output: { classes: three, threshold: 0.4 } })).toEqual([
      '/output/threshold has a meaning for binary classification alone',
    ]);
    expect(
      readManifest(stringify({ ...tinyManifest('tiny', '1.0.0'), task: 'regression', output: { unit: 'mmHg' } })).output
        .unit,
    ).toBe('mmHg');
  });

  it.each([
    ['nothing', ''],
    ['a list', '- a\n- b\n'],
    ['a text', 'hello'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['a key twice', 'name: a\nname: b\n'],
    ['a tag that would make an object', 'name: !!js/function "function () {}"\n'],
    ['aliases that multiply', `a: &a [x]\nb: &b [${'*a,'.repeat(9)}]\n`],
    ['a prototype', '{"__proto__": {"name": "x"}}'],
  ])('is refused as %s', (_, document) => {
    expect(refusalOf(() => readManifest(document)).kind.code).toBe('MANIFEST_INVALID');
  });

  it.each([
    '[',
    '- ',
    '{a: ',
    '? ',
    '!a ',
    '- &a ',
    '*a ',
    '"',
    "'",
    '\n ',
    '? ? ?\n',
    '%a\n',
    '- - - -\n',
    'a: [{"b":\n',
    '!!map ',
    '# ',
    '|\n ',
  ])('of the largest size made of %j is refused in reasonable time, and the process lives', (piece) => {
    const { kind } = withinProcessorMs(8_000, () =>
      refusalOf(() => readManifest(piece.repeat(250_000 / piece.length))),
    );
    expect(kind.code).toBe('MANIFEST_INVALID');
  });
});

describe('golden rows', () => {
  const golden = {
    schemaVersion: 1,
    answeredBy: 'keras 3.15.1',
    inputs: [
      [1, 2],
      [3, 4],
    ],
    outputs: [[0.5], [0.6]],
  };

  it('have an output for each input', () => {
    expect(readGolden(JSON.stringify(golden))).toEqual(golden);
    expect(refusalOf(() => readGolden(JSON.stringify({ ...golden, outputs: [[0.5]] }))).message).toContain(
      '2 rows of inputs and 1 of outputs',
    );
  });

  it('are refused when they are no JSON, no numbers or nest without end', () => {
    for (const document of ['{', JSON.stringify({ ...golden, inputs: [['a']] }), `{"inputs": ${'['.repeat(1e6)}`]) {
      expect(refusalOf(() => readGolden(document)).kind.code).toBe('MANIFEST_INVALID');
    }
  });
});

describe('an evaluation', () => {
  it('is of the classes that the manifest declares', () => {
    const manifest = {
      ...readManifest(text('manifest.yaml')),
      output: {
        classes: [
          { name: 'no', title: 'No' },
          { name: 'yes', title: 'Yes' },
        ],
      },
    } as ModelManifest;
    expect(refusalOf(() => readEvaluation(text('evaluation.json'), manifest)).message).toContain(
      'its classes are no-risk, risk, those of the manifest no, yes',
    );
  });
});

describe('examples', () => {
  const manifest = tinyManifest('tiny', '1.0.0');
  const { row } = tinyRow();
  const example = { name: 'calm', title: 'Calm', label: 'no', input: row };
  const read = (...examples: readonly object[]): unknown =>
    readExamples(JSON.stringify({ schemaVersion: 1, examples }), manifest);
  const faultsOfExamples = (...examples: readonly object[]): string[] =>
    (refusalOf(() => read(...examples)).extra.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);

  it('are rows that the version takes, with a label or without', () => {
    const examples = [example, { name: 'other', title: 'Other', input: row }];
    expect(read(...examples)).toEqual({ schemaVersion: 1, examples });
  });

  it('are told all that is wrong with their rows, labels and names at once, with places', () => {
    expect(
      faultsOfExamples(
        { ...example, input: { ...row, a: 7, g: 1 } },
        { ...example, label: 'maybe', input: { ...row, b: undefined } },
      ),
    ).toEqual([
      '/examples/0/input/g is not a known input',
      '/examples/0/input/a must be at most 5',
      '/examples/1/name is there twice',
      '/examples/1/label is none of the classes that the manifest declares',
      '/examples/1/input/b is missing',
    ]);
  });

  it('are told what is wrong with their form', () => {
    expect(faultsOfExamples({ ...example, name: 'Not Kebab', title: '', colour: 'red', input: [] })).toEqual([
      '/examples/0/colour is not a known field',
      expect.stringMatching(/^\/examples\/0\/name must match pattern/),
      expect.stringMatching(/^\/examples\/0\/title must match pattern/),
      '/examples/0/input must be an object',
    ]);
    expect(faultsOfExamples()).toEqual(['/examples must have at least 1 entries']);
    for (const document of ['{', '[]', '{"schemaVersion": 2}', `{"examples": ${'['.repeat(1e6)}`])
      expect(refusalOf(() => readExamples(document, manifest)).kind.code).toBe('MANIFEST_INVALID');
  });

  it('are observations where the version takes such, and are told where a window lacks them', () => {
    const shock = readManifest(readFileSync(join(root, 'models/haemodynamic-shock/1.0.0/manifest.yaml'), 'utf8'));
    const observations = exampleRow(shock).observations as readonly object[];
    const fileOf = (input: object): string =>
      JSON.stringify({ schemaVersion: 1, examples: [{ name: 'one', title: 'One', input }] });
    expect(readExamples(fileOf({ observations }), shock).examples).toHaveLength(1);
    const { errors } = refusalOf(() => readExamples(fileOf({ observations: observations.slice(0, 9) }), shock)).extra;
    expect(errors).toEqual([
      { pointer: '/examples/0/input/observations', detail: 'has 1 timestep, the model needs 20' },
    ]);
  });
});
