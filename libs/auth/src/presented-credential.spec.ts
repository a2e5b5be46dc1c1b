import { expect, it } from 'vitest';
import { presentedCredential } from './presented-credential.js';

it.each([
  [{ authorization: 'Bearer a.b.c' }, { kind: 'access-token', value: 'a.b.c' }],
  [{ authorization: 'bearer  a.b.c ' }, { kind: 'access-token', value: 'a.b.c' }],
  [{ authorization: 'Bearer lat_x' }, { kind: 'api-key', value: 'lat_x' }],
  [{ authorization: 'lat_x' }, { kind: 'api-key', value: 'lat_x' }],
  [{ 'x-api-key': 'lat_x' }, { kind: 'api-key', value: 'lat_x' }],
  [
    { authorization: 'Basic YTpi', 'x-api-key': 'lat_x' },
    { kind: 'api-key', value: 'lat_x' },
  ],
  [
    { authorization: 'Bearer a.b.c', 'x-api-key': 'lat_x' },
    { kind: 'access-token', value: 'a.b.c' },
  ],
  [{ authorization: 'Basic YTpi' }, null],
  [{ authorization: 'Bearer' }, null],
  [{ authorization: 'Bearer ' }, null],
  [{}, null],
])('reads %j', (headers, credential) => {
  expect(presentedCredential(headers)).toEqual(credential);
});
