import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileFault } from './file-plan.js';
import { Utf8Text } from './utf8-text.js';

function decode(bytes: Buffer, cuts: readonly number[] = [], charset?: string): string {
  const text = new Utf8Text(charset);
  const parts: Buffer[] = [];
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    parts.push(text.read(bytes.subarray(from, to)));
    from = to;
  }
  return Buffer.concat([...parts, text.end()]).toString('utf8');
}

const cuts = fc.array(fc.nat(), { maxLength: 5 });

describe('the encoding of a file', () => {
  it('is UTF-8 where its first character beyond ASCII is, with and without a mark, however it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.boolean(), cuts, (content, marked, at) => {
        const bytes = Buffer.from((marked ? '\ufeff' : '') + content);
        expect(decode(bytes, at)).toBe(content.replace(/^\ufeff/, ''));
      }),
    );
  });

  it('is Latin-1 where it is not UTF-8', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', ';', '\n', 'ä', 'ß', 'é', '1'), maxLength: 20 });
    fc.assert(
      fc.property(texts, cuts, (content, at) => {
        const text = `names;ä;${content}`; // an ä before an ASCII character is no UTF-8
        expect(decode(Buffer.from(text, 'latin1'), at)).toBe(text);
      }),
    );
  });

  it('is what the client says', () => {
    expect(decode(Buffer.from([0xc3, 0xa4]), [], 'iso-8859-1')).toBe('Ã¤');
    expect(decode(Buffer.from([0xc3, 0xa4]), [1], 'UTF-8')).toBe('ä');
    expect(decode(Buffer.from('a'), [], 'us-ascii')).toBe('a');
    expect(() => new Utf8Text('klingon')).toThrow(FileFault);
  });

  it('is refused where it is UTF-16', () => {
    expect(() => decode(Buffer.from('\ufeffa,b', 'utf16le'))).toThrow(FileFault);
    for (const charset of ['utf-16', 'UTF-16LE', 'utf-16be', 'unicode', 'ucs-2'])
      expect(() => new Utf8Text(charset)).toThrow('UTF-16');
  });
});
