import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CONSOLE_ADDRESSES, readConsole } from './console.js';

const SOURCES = join(import.meta.dirname, '../../console/src');

it('has all addresses of the console’s router, and no other', () => {
  const router = readFileSync(join(SOURCES, 'router.tsx'), 'utf8');
  const paths = [...router.matchAll(/\bpath: '(\/[^']*)'/g)].map(([, path]) => path!);
  expect(paths).toHaveLength(router.match(/\bcreateRoute\(/g)!.length - 1);
  const firstParts = new Set(paths.map((path) => path.split('/')[1]!).filter(Boolean));
  // Of `/$`, any other address: one below the console's own.
  expect(firstParts.delete('$')).toBe(true);
  expect([...firstParts].sort()).toEqual(CONSOLE_ADDRESSES);
});

it('reads the page apart, with one place for a nonce, and each file with its compressed forms', () => {
  const { page, files } = readConsole()!;
  expect(page).toHaveLength(2);
  expect(page[0]).toMatch(/nonce="$/);
  const paths = [...files.keys()];
  expect(paths).toContain('/icon.svg');
  expect(paths).not.toContain('/index.html');
  expect(paths.filter((path) => /\.(br|gz)$|\/\.build$/.test(path))).toEqual([]);
  for (const [path, { contents }] of files) {
    const forms = Object.keys(contents).sort();
    expect(forms, path).toEqual(path.endsWith('.woff2') ? ['identity'] : ['br', 'gzip', 'identity']);
  }
});
