import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFaultAt, placeOf } from './json-fault';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the fault of a text that is no JSON', () => {
  it('is not found in JSON', () => {
    fc.assert(fc.property(fc.json(), (text) => jsonFaultAt(text) === undefined));
  });

  it('is found exactly where the browser finds one', () => {
    const text = fc.string({
      unit: fc.constantFrom('[', ']', '{', '}', ',', ':', '"', 'a', '1', '-', '.', ' ', 'null'),
    });
    fc.assert(
      fc.property(text, (one) => (jsonFaultAt(one) === undefined) === isJson(one)),
      { numRuns: 2000 },
    );
  });

  it('is told by line and column', () => {
    const text = '[\n  {"signal": }\n]';
    expect(placeOf(text, jsonFaultAt(text)!)).toEqual({ line: 2, column: 14 });
    expect(placeOf('{"a": [', jsonFaultAt('{"a": [')!)).toEqual({ line: 1, column: 8 });
    expect(jsonFaultAt('[1, 2,]')).toBe(6);
    expect(jsonFaultAt('{"a": 1} x')).toBe(9);
  });

  it('is found in what is nested deeply', () => {
    expect(jsonFaultAt('['.repeat(200_000))).toBe(200_000);
  });
});
