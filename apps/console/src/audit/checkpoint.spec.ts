import { describe, expect, it } from 'vitest';
import { readCheckpoint } from './checkpoint';

const END = { shard: 2, seq: 17, head: 'ab'.repeat(32) };
const statement = (changes: object = {}): string =>
  JSON.stringify({ latido: 'checkpoint', format: 1, at: '2026-03-01T10:00:00.000Z', heads: [END], ...changes });

describe('A checkpoint', () => {
  it('states when, and where each chain ended', () => {
    expect(readCheckpoint(statement())).toEqual({ at: '2026-03-01T10:00:00.000Z', chains: [END] });
  });

  it.each(['', 'null', '[]', statement({ latido: 'opening' }), statement({ format: 2 }), statement({ heads: [{}] })])(
    'is none when it reads %j',
    (text) => {
      expect(readCheckpoint(text)).toBeUndefined();
    },
  );
});
