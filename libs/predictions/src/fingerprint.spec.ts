import { describe, expect, it } from 'vitest';
import { withinProcessorMs } from '../../../test/setup/processor-time.js';
import { fingerprint } from './fingerprint.js';

const print = (body: string, model = 'm'): string | undefined => fingerprint(model, JSON.parse(body));

describe('the fingerprint of a request', () => {
  it('is the same however the JSON was written', () => {
    expect(print('{"input":{"a":1,"b":2.5},"subject":"x"}')).toBe(
      print('{ "subject": "\\u0078", "input": { "b": 25e-1, "a": 1.0 } }'),
    );
  });

  it.each([
    ['another value', '{"input":{"a":2}}'],
    ['a string for a number', '{"input":{"a":"1"}}'],
    ['another field', '{"input":{"a":1},"version":"1.0.0"}'],
    ['null for nothing', '{"input":{"a":1},"subject":null}'],
    ['the rows as an array', '{"inputs":[{"a":1}]}'],
  ])('differs for %s', (_, body) => {
    expect(print(body)).not.toBe(print('{"input":{"a":1}}'));
  });

  it('differs by model and by the order of rows', () => {
    expect(print('{}', 'm')).not.toBe(print('{}', 'n'));
    expect(print('{"inputs":[{"a":1},{"a":2}]}')).not.toBe(print('{"inputs":[{"a":2},{"a":1}]}'));
  });

  it('does not take a number beyond all bounds for null', () => {
    expect(print('{"input":{"a":1e999}}')).not.toBe(print('{"input":{"a":null}}'));
  });

  it('gives up on a body that nests deeper than any request, at once', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(withinProcessorMs(500, () => print(deep))).toBeUndefined();
  });
});
