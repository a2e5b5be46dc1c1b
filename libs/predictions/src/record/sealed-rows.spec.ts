import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readContent } from './content.js';
import { RowSealer } from './sealed-rows.js';

it('rows sealed elsewhere are read as those of the server’s own, with their digests', () => {
  const sealer = new RowSealer();
  fc.assert(
    fc.property(fc.array(fc.json(), { maxLength: 50 }), (rows) => {
      for (const row of rows) sealer.add(row);
      const sealed = sealer.take();
      expect(sealed.length).toBe(rows.length);
      const read = readContent(Buffer.from(sealed.content));
      expect(read.map(({ json }) => json?.toString('utf8'))).toEqual(rows);
      expect(Buffer.concat(read.map(({ digest }) => digest)).equals(sealed.digests)).toBe(true);
    }),
  );
});

it('a record of more rows than most has its digests whole', () => {
  const sealer = new RowSealer();
  for (let row = 0; row < 5_000; row += 1) sealer.add(`{"row":${row}}`);
  const { content, digests } = sealer.take();
  expect(readContent(Buffer.from(content))).toHaveLength(5_000);
  expect(digests).toHaveLength(5_000 * 32);
});
