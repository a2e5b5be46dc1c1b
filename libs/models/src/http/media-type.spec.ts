import { describe, expect, it } from 'vitest';
import { preferredType } from './media-type.js';

describe('the type of an answer', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['text/markdown', 'text/markdown'],
    ['text/*', 'text/markdown'],
    ['text/markdown, application/json', 'application/json'],
    ['text/markdown, application/json;q=0.5', 'text/markdown'],
    ['text/markdown;q=0.1, */*', 'application/json'],
    ['Text/Markdown; Q=1, */*;q=0.1', 'text/markdown'],
    ['image/png', 'application/json'],
  ])('for Accept %s is %s', (accept, type) => {
    expect(preferredType(accept, 'application/json', 'text/markdown')).toBe(type);
  });
});
