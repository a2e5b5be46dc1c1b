import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { DomainError } from '#platform';
import type { ModelManifest } from '#inference';
import { withinProcessorMs } from '../../../../test/setup/processor-time.js';
import { tinyManifest } from '../../../../test/setup/version-folder.js';
import { readEvaluation, readGolden, readManifest } from './version-documents.js';

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
    expect(published).toEqual(['evaluation.schema.json', 'golden.schema.json', 'manifest.schema.json']);
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
