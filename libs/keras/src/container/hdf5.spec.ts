import { expect, it } from 'vitest';
import { asUtf8 } from './hdf5.js';

it.each([
  ['UTF-8 read byte by byte', 'blÃ¶ck/kernel', 'blöck/kernel'],
  ['ASCII', 'dense/kernel', 'dense/kernel'],
  ['bytes that are no UTF-8', 'bl\u00f6ck', 'bl\u00f6ck'],
  ['what is read right', '数/Ã¶', '数/Ã¶'],
  ['a list', ['Ã¶', 'o'], ['ö', 'o']],
])('makes a text of %s', (_what, read, text) => {
  expect(asUtf8(read)).toEqual(text);
});
