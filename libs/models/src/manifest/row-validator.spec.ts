import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultList, type ModelManifest } from '#inference';
import type { FieldError } from '#platform';
import { withinProcessorMs } from '../../../../test/setup/processor-time.js';
import { tinyManifest } from '../../../../test/setup/version-folder.js';
import { exampleRow, rowSchema } from './row-schema.js';
import { compileRowReader } from './row-validator.js';
import { readManifest } from './version-documents.js';

const manifest = readManifest(
  readFileSync(resolve(import.meta.dirname, '../../../../models/cardiac-risk/1.0.0/manifest.yaml'), 'utf8'),
);
const validatorOf = (of: ModelManifest): ((row: unknown, pointer: string) => FieldError[]) => {
  const read = compileRowReader(of);
  return (row, pointer) => {
    const faults = new FaultList(1_000);
    const valid = read(row, pointer, faults) !== undefined;
    expect(valid).toBe(faults.list.length === 0);
    return faults.list;
  };
};
const validate = validatorOf(manifest);
const valid = exampleRow(manifest);
const faultsOf = (change: object): string[] =>
  validate({ ...valid, ...change }, '/input').map(({ pointer, detail }) => `${pointer} ${detail}`);

describe('a row of the cardiac model', () => {
  it('is valid as its manifest gives it as example', () => {
    expect(validate(valid, '/input')).toEqual([]);
  });

  it.each([
    [{ age: 150 }, '/input/age must be at most 99'],
    [{ cholesterol: 0.5 }, '/input/cholesterol must be at least 1'],
    [{ cholesterol: '2.4' }, '/input/cholesterol must be a number'],
    [{ cholesterol: null }, '/input/cholesterol must be a number'],
    [{ cholesterol: [2.4] }, '/input/cholesterol must be a number'],
    [{ cholesterol: NaN }, '/input/cholesterol must be a finite number'],
    [{ cholesterol: JSON.parse('1e999') as number }, '/input/cholesterol must be a finite number'],
    [{ age: 50.5 }, '/input/age must be a whole number'],
    [{ smoker: 2 }, '/input/smoker must be 0 or 1'],
    [{ smoker: true }, '/input/smoker must be a whole number'],
    [{ smoker: undefined }, '/input/smoker is missing'],
    [{ colesterol: 2 }, '/input/colesterol is not a known input'],
    [{ 'a/b~c': 2 }, '/input/a~1b~0c is not a known input'],
  ])('with %j is told: %s', (change, fault) => {
    expect(faultsOf(change)).toEqual([fault]);
  });

  it('is told all its faults at once', () => {
    expect(faultsOf({ age: 150, smoker: 'no', glucose: undefined, height: 1 }).sort()).toEqual([
      '/input/age must be at most 99',
      '/input/glucose is missing',
      '/input/height is not a known input',
      '/input/smoker must be a whole number',
    ]);
  });

  it('is an object', () => {
    for (const row of [null, 1, 'x', [1, 2], undefined]) {
      expect(validate(row, '/inputs/3')).toEqual([
        { pointer: '/inputs/3', detail: 'must be an object that holds the inputs by name' },
      ]);
    }
  });

  it('is valid exactly when every input is a finite number within its rules', () => {
    const value = fc.oneof(fc.double(), fc.integer({ min: -2, max: 120 }), fc.constantFrom(0, 1, 2, '1', null));
    fc.assert(
      fc.property(fc.record(Object.fromEntries(manifest.inputs.map(({ name }) => [name, value]))), (row) => {
        const allowed = manifest.inputs.every(({ name, type, range, values }) => {
          const given = row[name];
          if (typeof given !== 'number' || !Number.isFinite(given) || (type === 'integer' && !Number.isInteger(given)))
            return false;
          return (
            (!range || (given >= range.minimum && given <= range.maximum)) &&
            (!values || values.some((entry) => entry.value === given))
          );
        });
        expect(validate(row, '').length === 0).toBe(allowed);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a hostile row', () => {
  const within = (milliseconds: number, row: unknown): string[] => {
    const faults = withinProcessorMs(milliseconds, () => validate(row, '/input'));
    expect(faults.length).toBeLessThan(200);
    return faults.map(({ pointer, detail }) => `${pointer} ${detail}`);
  };

  it('that nests 100,000 deep is refused at once', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as object;
    expect(within(50, { ...valid, age: deep })).toEqual(['/input/age must be a whole number']);
    expect(within(50, deep)).toContain('/input/a is not a known input');
  });

  it('of 100,000 fields is refused at once, without naming them', () => {
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, index]));
    expect(within(250, wide)).toEqual(['/input has 100000 fields; the model knows 6 inputs']);
  });

  it('with a name of half a megabyte is not repeated', () => {
    const [fault] = within(50, { ...valid, ['x'.repeat(500_000)]: 1 });
    expect(fault!.length).toBeLessThan(200);
  });

  it('cannot hide behind a prototype', () => {
    expect(within(50, JSON.parse(`{"__proto__": ${JSON.stringify(valid)}}`))).toContain('/input/age is missing');
    const inherited = {
      ...tinyManifest('tiny', '1.0.0'),
      inputs: [{ name: 'constructor', title: 'C', type: 'number' as const }],
    };
    expect(validatorOf(inherited)({}, '')).toEqual([{ pointer: '/constructor', detail: 'is missing' }]);
  });
});

describe('the schema of a row', () => {
  it('says title, unit, code, range and example of each value', () => {
    const schema = rowSchema(manifest);
    expect(schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: manifest.inputs.map(({ name }) => name),
      examples: [valid],
    });
    expect(schema.properties.age).toEqual({
      title: 'Age',
      description: 'Age in completed years. Unit: years.',
      type: 'integer',
      minimum: 0,
      maximum: 99,
      examples: [68],
      'x-unit': 'years',
      'x-ucum': 'a',
      'x-code': { system: 'http://loinc.org', code: '30525-0', display: 'Age' },
    });
    expect(schema.properties.smoker).toMatchObject({
      enum: [0, 1],
      'x-values': [
        { value: 0, title: 'No' },
        { value: 1, title: 'Yes' },
      ],
    });
  });

  it('has a valid example even where the manifest gives none', () => {
    const bare = { ...manifest, inputs: manifest.inputs.map(({ example: _, ...input }) => input) };
    expect(validatorOf(bare)(exampleRow(bare), '')).toEqual([]);
  });
});

describe('a row with a text', () => {
  const triage: ModelManifest = {
    ...tinyManifest('triage', '1.0.0'),
    inputs: [
      {
        name: 'sex',
        title: 'Sex',
        type: 'string',
        values: ['female', 'male'].map((value) => ({ value, title: value })),
      },
      { name: 'ward', title: 'Ward', type: 'string', example: 'surgery' },
    ],
  };
  const check = validatorOf(triage);

  it('is valid with a declared value, and with any text where none is declared', () => {
    expect(exampleRow(triage)).toEqual({ sex: 'female', ward: 'surgery' });
    expect(check({ sex: 'male', ward: 'Übergang, 3. OG' }, '/input')).toEqual([]);
    expect(rowSchema(triage).properties).toMatchObject({
      sex: { type: 'string', enum: ['female', 'male'] },
      ward: { type: 'string', maxLength: 1000, examples: ['surgery'] },
    });
  });

  it('is told what is wrong with it', () => {
    expect(check({ sex: 'unknown', ward: 7 }, '/input')).toEqual([
      { pointer: '/input/sex', detail: 'must be female or male' },
      { pointer: '/input/ward', detail: 'must be a text' },
    ]);
    expect(check({ sex: 'male', ward: 'x'.repeat(1001) }, '/input')).toEqual([
      { pointer: '/input/ward', detail: 'must have at most 1000 characters' },
    ]);
  });

  it('needs a manifest whose values and examples are of one type', () => {
    const [sex, ward] = triage.inputs as [ModelManifest['inputs'][number], ModelManifest['inputs'][number]];
    const faultsOf = (...inputs: object[]): unknown => {
      try {
        return readManifest(JSON.stringify({ ...triage, inputs }));
      } catch (error) {
        return (error as { extra: { errors: FieldError[] } }).extra.errors;
      }
    };
    expect(
      faultsOf({
        ...sex,
        values: [
          { value: 'a', title: 'A' },
          { value: 2, title: '2' },
        ],
      }),
    ).toEqual([{ pointer: '/inputs/0/values/1/value', detail: "is against the input's own type or range" }]);
    expect(faultsOf({ ...ward, example: 5 })).toEqual([
      { pointer: '/inputs/0/example', detail: "is against the input's own type, range or values" },
    ]);
    expect(faultsOf({ ...ward, range: { minimum: 0, maximum: 1 } })).toEqual([
      { pointer: '/inputs/0/range', detail: 'has no meaning for texts' },
    ]);
  });
});
