import { describe, expect, it } from 'vitest';
import type { Refusal } from '../shared/refusal.js';
import { shockRefusal } from './shock-refusal.js';

function refused(refusal: Partial<Refusal>): unknown {
  const { status, body } = shockRefusal({
    status: 422,
    code: 'INVALID_REQUEST',
    detail: 'some sentence',
    errors: [],
    headers: {},
    ...refusal,
  });
  return [status, (body as { detail: unknown }).detail];
}

describe('a refusal of the older service', () => {
  // Types and words as FastAPI 0.165 with pydantic 2.14 gave them.
  it.each<[string, string, object]>([
    ['/valor', 'is missing', { type: 'missing', loc: ['body', 'valor'], msg: 'Field required' }],
    ['', 'is missing', { type: 'missing', loc: ['body'], msg: 'Field required' }],
    [
      '/valor/0',
      'must be a number',
      { type: 'float_type', loc: ['body', 'valor', '0'], msg: 'Input should be a valid number' },
    ],
    [
      '/idAtencion',
      'must be an integer',
      { type: 'int_type', loc: ['body', 'idAtencion'], msg: 'Input should be a valid integer' },
    ],
    [
      '/username',
      'must be a text',
      { type: 'string_type', loc: ['body', 'username'], msg: 'Input should be a valid string' },
    ],
    [
      '/valor',
      'must be an object',
      { type: 'dict_type', loc: ['body', 'valor'], msg: 'Input should be a valid dictionary' },
    ],
    [
      '/valor/a~1b~0c',
      'must be at least -0.5',
      {
        type: 'greater_than_equal',
        loc: ['body', 'valor', 'a/b~c'],
        msg: 'Input should be greater than or equal to -0.5',
        ctx: { ge: -0.5 },
      },
    ],
    [
      '/valor/1',
      'must be at most 350',
      {
        type: 'less_than_equal',
        loc: ['body', 'valor', '1'],
        msg: 'Input should be less than or equal to 350',
        ctx: { le: 350 },
      },
    ],
    [
      '',
      'has 3 timesteps, the model needs 20',
      { type: 'value_error', loc: ['body'], msg: 'Value error, has 3 timesteps, the model needs 20' },
    ],
    ['/x', 'constructor', { type: 'value_error', loc: ['body', 'x'], msg: 'Value error, constructor' }],
  ])('says of %s that it %s, in pydantic’s words', (pointer, detail, fault) => {
    expect(refused({ errors: [{ pointer, detail }] })).toEqual([422, [fault]]);
  });

  it('says of what is no JSON that it is none', () => {
    expect(refused({ status: 400, code: 'MALFORMED_REQUEST', detail: 'No JSON.' })).toEqual([
      422,
      [
        {
          type: 'json_invalid',
          loc: ['body'],
          msg: 'JSON decode error',
          ctx: { error: 'No JSON.' },
        },
      ],
    ]);
  });

  it('has the older service’s own words where it had some', () => {
    expect(refused({ status: 401, code: 'AUTHENTICATION_REQUIRED' })).toEqual([401, 'Authentication Failed.']);
    expect(refused({ status: 401, code: 'INVALID_TOKEN' })).toEqual([401, 'Could not validate user.']);
    expect(refused({ status: 401, code: 'WRONG_NAME_OR_PASSWORD' })).toEqual([401, 'Could not validate user.']);
  });

  it('says why else in a sentence', () => {
    const errors = [{ pointer: '/username', detail: 'is taken' }];
    expect(refused({ status: 409, code: 'ACCOUNT_EXISTS', detail: 'Taken.', errors })).toEqual([409, 'Taken.']);
    expect(refused({ status: 429, code: 'QUOTA_EXCEEDED' })).toEqual([429, 'some sentence']);
    expect(refused({ status: 404, code: 'MODEL_NOT_ACTIVE' })).toEqual([503, 'some sentence']);
  });
});
