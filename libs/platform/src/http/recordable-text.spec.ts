import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecordableJson, isRecordableText } from './recordable-text.js';

describe('text in the record', () => {
  it('may be anything but U+0000 and half a surrogate pair', () => {
    for (const text of ['', 'P-17', 'ärztin', '😀', '\u0001', '\\u0000', '\\ud800'])
      expect(isRecordableText(text)).toBe(true);
    for (const text of ['\0', 'a\0b', '\ud800', '\udc00\ud800']) expect(isRecordableText(text)).toBe(false);
  });

  it('is judged the same inside of JSON, whatever backslashes stand before it', () => {
    const fragment = fc.constantFrom('\\', '"', 'u0000', 'ud800', '\0', '\ud83d', '\ude00', 'x', '\n', '\u0001');
    fc.assert(
      fc.property(
        fc.array(fragment, { maxLength: 8 }).map((parts) => parts.join('')),
        (text) => {
          expect(isRecordableJson(JSON.stringify([{ [`k`]: text }]))).toBe(isRecordableText(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
