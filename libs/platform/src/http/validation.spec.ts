import { IsArray, IsEmail, IsInt, IsOptional, IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { awaitedWithinProcessorMs } from '../../../../test/setup/processor-time.js';
import { DomainError } from '../errors.js';
import { createValidationPipe } from './validation.js';

class Dto {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsEmail() email?: string;
  @IsOptional() @IsArray() scopes?: unknown[];
  @IsOptional() @IsInt() limit?: number;
}

const pipe = createValidationPipe();

async function faults(value: unknown, type: 'body' | 'query' = 'body'): Promise<string[]> {
  try {
    await pipe.transform(value, { type, metatype: Dto });
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return (error.extra.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
  }
}

function nested(depth: number, open: string, close: string): unknown {
  return JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);
}

describe('the validation of a DTO', () => {
  it('lets a valid body through, and one that is left out', async () => {
    expect(await faults({ name: 'ana', scopes: ['a'] })).toEqual([]);
    expect(await faults(undefined)).toEqual([]);
  });

  it('names faults with JSON Pointers in a body, with ?name in a query', async () => {
    expect(await faults({ name: 1, 'a/b': 1 })).toEqual(['/a~1b is not a known field', '/name must be a string']);
    expect(await faults({ limit: 'x', other: '1' }, 'query')).toEqual([
      '?other is not a known field',
      '?limit must be an integer number',
    ]);
  });

  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('refuses deeply nested %s at once, wherever they stand', async (_, open, close) => {
    const deep = nested(100_000, open, close);
    const found = await awaitedWithinProcessorMs(100, async () => [
      await faults(deep),
      await faults({ scopes: [deep] }),
    ]);
    expect(found.map(({ length }) => length)).toEqual([1, 1]);
  });

  it('answers a body of very many values with one fault', async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 1]));
    expect(await faults(many)).toEqual([' must have at most 1000 values']);
    expect(await faults({ scopes: Array.from({ length: 300_000 }, () => ({})) })).toHaveLength(1);
  });

  it('refuses names that every object has like any other unknown field', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty'])
      expect(await faults({ [name]: 1 })).toEqual([`/${name} is not a known field`]);
    expect(await faults({ constructor: '1' }, 'query')).toEqual(['?constructor is not a known field']);
  });

  it('refuses text that could not be stored as it was sent, in any field', async () => {
    for (const text of ['a\0b', 'a\ud800b'])
      for (const field of ['name', 'email', 'scopes'])
        expect(await faults({ [field]: field === 'scopes' ? [text] : text })).toEqual([
          `/${field}${field === 'scopes' ? '/0' : ''} must not hold U+0000 or half a surrogate pair`,
        ]);
  });

  it('names these along with everything else that is at fault', async () => {
    expect(await faults({ name: 'a\0b', email: 'nowhere', toString: 1, limit: 1 })).toEqual([
      '/name must not hold U+0000 or half a surrogate pair',
      '/toString is not a known field',
      '/email must be an email',
    ]);
  });
});
