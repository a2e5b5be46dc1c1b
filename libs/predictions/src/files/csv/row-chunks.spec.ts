import { describe, expect, it } from 'vitest';
import { CHARACTERS_PER_CHUNK, type FilePlan } from './file-plan.js';
import { RowChunks, type RowChunk } from './row-chunks.js';

const plan: FilePlan = {
  inputs: [{ name: 'age', title: 'Age', optional: false, numeric: true }],
  classes: [],
  numbers: ['value'],
  columns: [{ name: 'value', holds: 0 }],
  charset: undefined,
};

async function chunksOf(text: string): Promise<RowChunk[]> {
  const chunks: RowChunk[] = [];
  const rows = new RowChunks(plan, (chunk) => chunks.push(chunk));
  await rows.read(Buffer.from(text));
  await rows.end();
  return chunks;
}

describe('a chunk of rows', () => {
  const empty = ','.repeat(5_000);

  it.each([
    ['that the header has', `age${',x'.repeat(5_000)}`, `1${empty}`],
    ['that the header has, between quotes', `age${',x'.repeat(5_000)}`, `"1"${empty}`],
    ['that the header lacks', 'age,x', `1${empty}`],
  ])('holds no more of empty cells %s than of full ones', async (_, header, row) => {
    const chunks = await chunksOf(`${header}\n${`${row}\n`.repeat(1_000)}`);
    expect(chunks.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
    for (const { carried } of chunks) {
      // Characters of texts, places of lists.
      const kept = carried.reduce((sum, each) => sum + each.length, 0);
      expect(kept).toBeLessThan(CHARACTERS_PER_CHUNK + 5_010);
    }
  });
});
