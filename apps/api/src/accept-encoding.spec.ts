import { expect, it } from 'vitest';
import { acceptedEncoding } from './accept-encoding.js';

const OFFERED = ['br', 'gzip'] as const;

it.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['*;q=0.1, br;q=0', 'gzip'],
  ['gzip;q=0.2, identity;q=0.9', 'identity'],
  ['gzip;q=much', 'identity'],
  ['deflate', 'identity'],
  ['', 'identity'],
  [undefined, 'identity'],
])('answers %j with %s', (header, encoding) => {
  expect(acceptedEncoding(header, OFFERED)).toBe(encoding);
});

it('compresses nothing that is not there compressed', () => {
  expect(acceptedEncoding('gzip, br', [])).toBe('identity');
  expect(acceptedEncoding('gzip, br', ['gzip'])).toBe('gzip');
});
