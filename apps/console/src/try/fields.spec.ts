import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOf, faultsOf, fieldsOf, numberOf, pointerToken, rowOf, valuesOf, type ModelInput } from './fields';

const inputs: ModelInput[] = [
  { name: 'age', title: 'Age', type: 'integer', range: { minimum: 0, maximum: 99 }, example: 68 },
  { name: 'glucose', title: 'Glucose', type: 'number', range: { minimum: 0.5, maximum: 2 }, example: 1.75 },
  {
    name: 'smoker',
    title: 'Smoker',
    type: 'integer',
    values: [
      { value: 0, title: 'No' },
      { value: 1, title: 'Yes' },
    ],
  },
  { name: 'ward', title: 'Ward', type: 'string' },
];
const fields = fieldsOf(inputs, {
  properties: { age: { minimum: 0, maximum: 99 }, glucose: { minimum: 0.5, maximum: 2 }, ward: { maxLength: 3 } },
  required: ['age', 'glucose', 'smoker'],
  examples: [],
});
const row = { age: 68, glucose: 1.75, smoker: 1, ward: 'B' };

describe('fields of a row', () => {
  it('send again what they were filled with', () => {
    expect(rowOf(fields, valuesOf(fields, row))).toEqual(row);
  });

  it('leave out what may be missing, and name what may not', () => {
    const values = valuesOf(fields, { age: 68 });
    expect(rowOf(fields, values)).toEqual({ age: 68 });
    expect(faultsOf(fields, values)).toEqual({ glucose: { rule: 'missing' }, smoker: { rule: 'missing' } });
  });

  it('take the values of the schema alone', () => {
    const faultFor = (name: string, value: number | string) =>
      faultOf(
        fields.find(({ input }) => input.name === name)!,
        value,
      );
    expect(faultFor('age', 99)).toBeUndefined();
    expect(faultFor('age', 100)).toEqual({ rule: 'maximum', limit: 99 });
    expect(faultFor('age', -1)).toEqual({ rule: 'minimum', limit: 0 });
    expect(faultFor('age', 40.5)).toEqual({ rule: 'whole' });
    expect(faultFor('glucose', '-')).toEqual({ rule: 'number' });
    expect(faultFor('smoker', 2)).toEqual({ rule: 'choice' });
    expect(faultFor('ward', 'ABCD')).toEqual({ rule: 'longest', limit: 3 });
    expect(faultFor('ward', '𝔸𝔹ℂ')).toBeUndefined();
  });

  it('read a number that is half typed as far as it goes', () => {
    expect(numberOf('2.')).toBe(2);
    expect(numberOf('1.50')).toBe(1.5);
    expect(numberOf('-')).toBeUndefined();
    expect(numberOf(' ')).toBeUndefined();
  });

  it('step as finely as the range and the example ask for', () => {
    expect(fields.map(({ step }) => step)).toEqual([1, 0.01, 1, 1]);
  });

  it('have no fault where the number lies within the range, and always one outside', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(faultOf(fields[1]!, value) === undefined).toBe(value >= 0.5 && value <= 2);
      }),
    );
  });

  it('are named in pointers as RFC 6901 has it', () => {
    expect(pointerToken('a/b~c')).toBe('a~1b~0c');
  });
});
