import { describe, expect, it } from 'vitest';
import { InvalidGrantError } from '#auth';
import { DomainError, invalidRequest, platformErrors } from '#platform';
import { fastApiRefusal } from './fastapi-refusals.js';
import { faultsSentence, refusalOf } from './refusal.js';

describe('what is refused', () => {
  it('keeps status, code, sentence, faults and headers of a domain error', () => {
    const error = new DomainError(platformErrors.FORBIDDEN, 'No.', { headers: { 'retry-after': '3' } });
    expect(refusalOf(error, 'r')).toEqual({
      status: 403,
      code: 'FORBIDDEN',
      detail: 'No.',
      errors: [],
      headers: { 'retry-after': '3' },
    });
  });

  it('is 401 where /v1 answers invalid_grant, and says of which of the two', () => {
    const wrong = new InvalidGrantError('WRONG_NAME_OR_PASSWORD', 'Some words.');
    expect(refusalOf(wrong, 'r')).toMatchObject({ status: 401, code: 'WRONG_NAME_OR_PASSWORD' });
    const over = new InvalidGrantError('REFRESH_TOKEN_OVER', 'Some words.');
    expect(refusalOf(over, 'r')).toMatchObject({ status: 401, code: 'REFRESH_TOKEN_OVER' });
  });

  it('tells nothing of an error that nobody expected', () => {
    expect(refusalOf(new Error('password=hunter2'), 'r')).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(refusalOf(new Error('password=hunter2'), 'r'))).not.toContain('hunter2');
  });
});

describe('as FastAPI refuses', () => {
  it('a sentence is the detail', () => {
    expect(fastApiRefusal(refusalOf(new DomainError(platformErrors.NOT_FOUND, 'Not here.'), 'r'))).toEqual({
      status: 404,
      body: { detail: 'Not here.' },
    });
  });

  it('values at fault are a list of places and messages, without the values', () => {
    const error = invalidRequest([
      { pointer: '/valor/0', detail: 'must be a number' },
      { pointer: '/a~1b', detail: 'is missing' },
    ]);
    expect(fastApiRefusal(refusalOf(error, 'r'))).toEqual({
      status: 422,
      body: {
        detail: [
          { type: 'value_error', loc: ['body', 'valor', 0], msg: 'Value must be a number' },
          { type: 'missing', loc: ['body', 'a/b'], msg: 'Field required' },
        ],
      },
    });
  });
});

it('names the first faults in one sentence', () => {
  const errors = Array.from({ length: 30 }, (_, row) => ({ pointer: `/${row}`, detail: 'is wrong' }));
  expect(faultsSentence(errors.slice(0, 2))).toBe('/0 is wrong; /1 is wrong');
  expect(faultsSentence(errors)).toMatch(/^\/0 is wrong;.*\/19 is wrong; …$/);
});
