import { describe, expect, it } from 'vitest';
import { parsePythonJson } from './python-json.js';

describe('the JSON of Python', () => {
  it('knows infinite numbers, and what is no number as a text', () => {
    const text = '{"a": Infinity, "b": [-Infinity, NaN], "c": NaN}';
    expect(parsePythonJson(text)).toEqual({ a: Infinity, b: [-Infinity, 'NaN'], c: 'NaN' });
  });

  it('leaves texts alone', () => {
    const value = { 'NaN "x': ': Infinity', b: '\\', c: ', NaN' };
    expect(parsePythonJson(`[${JSON.stringify(value)}, NaN]`)).toEqual([value, 'NaN']);
    expect(parsePythonJson(JSON.stringify(value))).toEqual(value);
  });

  it('is not JSON otherwise', () => {
    expect(() => parsePythonJson('{"a": Nan}')).toThrow(SyntaxError);
    expect(() => parsePythonJson('{"a": NaN')).toThrow(SyntaxError);
  });
});
