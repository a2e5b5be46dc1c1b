import { describe, expect, it } from 'vitest';
import { DomainError, type FieldError } from '#platform';
import { Faults, MAX_FAULTS } from './faults.js';
import { parsePredictionRequest, rowPointer, type PredictionRequest } from './prediction-request.js';

function parse(body: unknown, rowLimit = 1_000): { request: PredictionRequest; errors: readonly FieldError[] } {
  const faults = new Faults();
  const request = parsePredictionRequest(body, rowLimit, faults);
  return { request, errors: errorsOf(faults) };
}

function errorsOf(faults: Faults): readonly FieldError[] {
  try {
    faults.throwIfAny();
    return [];
  } catch (error) {
    return (error as DomainError).extra.errors ?? [];
  }
}

describe('the envelope of a prediction request', () => {
  it('holds one row in `input`, with its patient in `subject`', () => {
    const row = { age: 60 };
    const { request, errors } = parse({ input: row, subject: 'P-1', version: '1.0.0' });
    expect(errors).toEqual([]);
    expect(request).toEqual({ form: 'input', rows: [row], version: '1.0.0', subjects: ['P-1'] });
    expect(rowPointer(request, 0)).toBe('/input');
  });

  it('holds several rows in `inputs`, with their patients in `subjects`', () => {
    const { request, errors } = parse({ inputs: [{ age: 1 }, { age: 2 }], subjects: ['a', null] });
    expect(errors).toEqual([]);
    expect(request).toEqual({
      form: 'inputs',
      rows: [{ age: 1 }, { age: 2 }],
      version: undefined,
      subjects: ['a', null],
    });
    expect(rowPointer(request, 1)).toBe('/inputs/1');
  });

  it('needs no subject, and takes null for one', () => {
    expect(parse({ input: {} }).request.subjects).toBeNull();
    expect(parse({ input: {}, subject: null }).request.subjects).toBeNull();
    expect(parse({ inputs: [{}], subjects: null }).request.subjects).toBeNull();
    expect(parse({ inputs: [{}, {}], subjects: [null, null] }).request.subjects).toEqual([null, null]);
  });

  it.each([undefined, null, 7, 'text', []])('is not %j', (body) => {
    expect(parse(body).errors).toEqual([{ pointer: '', detail: 'must be an object with "input" or "inputs"' }]);
  });

  it('has exactly one of `input` and `inputs`', () => {
    expect(parse({}).errors).toEqual([
      { pointer: '', detail: 'must have "input" (one row) or "inputs" (an array of rows)' },
    ]);
    expect(parse({ input: {}, inputs: [{}] }).errors).toEqual([
      { pointer: '', detail: 'must have "input" or "inputs", not both' },
    ]);
  });

  it('has 1 row to as many as the caller may send', () => {
    expect(parse({ inputs: [] }).errors).toEqual([{ pointer: '/inputs', detail: 'must have at least 1 row' }]);
    expect(parse({ inputs: Array(1_001).fill({}) }).errors).toEqual([
      { pointer: '/inputs', detail: 'must have at most 1000 rows' },
    ]);
    expect(parse({ inputs: [{}, {}, {}] }, 2).errors).toEqual([
      { pointer: '/inputs', detail: 'must have at most 2 rows' },
    ]);
    expect(parse({ inputs: { 0: {} } }).errors).toEqual([{ pointer: '/inputs', detail: 'must be an array of rows' }]);
  });

  it('names all its faults at once', () => {
    const { errors } = parse({ input: {}, subject: 5, subjects: ['a'], version: 1, explain: true, 'a/b~c': 1 });
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/a~1b~0c',
      '/explain',
      '/subject',
      '/subjects',
      '/version',
    ]);
  });

  it('refuses explanations, which do not exist yet, but lets a client say that it wants none', () => {
    expect(parse({ input: {}, explain: true }).errors).toEqual([
      { pointer: '/explain', detail: 'is not available: there are no explanations yet' },
    ]);
    expect(parse({ input: {}, explain: false }).errors).toEqual([]);
  });

  it('names one subject a row', () => {
    expect(parse({ inputs: [{}, {}], subjects: ['a'] }).errors).toEqual([
      { pointer: '/subjects', detail: 'must have as many entries as "inputs" (2)' },
    ]);
    expect(parse({ inputs: [{}, {}], subjects: ['a', 2] }).errors).toEqual([
      { pointer: '/subjects/1', detail: 'must be a string or null' },
    ]);
    expect(parse({ inputs: [{}], subjects: 'a' }).errors).toEqual([
      { pointer: '/subjects', detail: 'must be an array with one entry for each of "inputs"' },
    ]);
  });

  it('takes a subject of 200 characters, counted as people count them, and no more', () => {
    expect(parse({ input: {}, subject: '😀'.repeat(200) }).errors).toEqual([]);
    expect(parse({ input: {}, subject: 'x'.repeat(201) }).errors).toEqual([
      { pointer: '/subject', detail: 'must have at most 200 characters' },
    ]);
  });

  it.each(['a\0b', '\ud800', '\udc00x'])('refuses a subject that the record could not keep', (subject) => {
    expect(parse({ input: {}, subject }).errors).toEqual([
      { pointer: '/subject', detail: 'must not hold U+0000 or half a surrogate pair' },
    ]);
  });

  it('answers a hostile envelope with a bounded list and cuts giant names', () => {
    const body = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [`${'k'.repeat(index === 0 ? 100_000 : 1)}${index}`, 1]),
    );
    const { errors } = parse(body);
    expect(errors).toHaveLength(MAX_FAULTS);
    expect(errors[0]!.pointer.length).toBeLessThan(110);
  });

  it('knows no inherited fields', () => {
    const body = JSON.parse('{"input": {}, "__proto__": {"version": "9.9.9"}}') as unknown;
    expect(parse(body).errors).toEqual([{ pointer: '/__proto__', detail: 'is not a known field' }]);
  });
});
