import fc from 'fast-check';
import { expect, it } from 'vitest';
import { generateApiKey, isWellFormedApiKey } from './api-key-format.js';

it('makes keys of the documented form, each different', () => {
  const keys = Array.from({ length: 200 }, () => generateApiKey());
  for (const { key, prefix } of keys) {
    expect(key).toMatch(/^lat_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/);
    expect(key.startsWith(`${prefix}_`)).toBe(true);
    expect(isWellFormedApiKey(key)).toBe(true);
  }
  expect(new Set(keys.map(({ key }) => key)).size).toBe(200);
});

it('refuses every key with one character mistyped', () => {
  const { key } = generateApiKey();
  fc.assert(
    fc.property(fc.nat(key.length - 1), fc.constantFrom(...'0189AZaz_x-'), (at, character) => {
      fc.pre(key[at] !== character);
      expect(isWellFormedApiKey(key.slice(0, at) + character + key.slice(at + 1))).toBe(false);
    }),
  );
});

it('refuses two neighbours swapped, and a key cut off', () => {
  const { key } = generateApiKey();
  for (let at = 13; at < key.length - 1; at += 1) {
    if (key[at] === key[at + 1]) continue;
    expect(isWellFormedApiKey(`${key.slice(0, at)}${key[at + 1]}${key[at]}${key.slice(at + 2)}`)).toBe(false);
  }
  expect(isWellFormedApiKey(key.slice(0, -1))).toBe(false);
  expect(isWellFormedApiKey('')).toBe(false);
});
