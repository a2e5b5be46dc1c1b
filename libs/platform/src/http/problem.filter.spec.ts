import { NotFoundException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { expect, it } from 'vitest';
import { DomainError, platformErrors } from '../errors.js';
import { toProblem } from './problem.filter.js';

it('answers a domain error with its code, its fields and its headers', () => {
  const error = new DomainError(platformErrors.INVALID_REQUEST, 'no', {
    errors: [{ pointer: '/a', detail: 'x' }],
    headers: { 'retry-after': '3' },
  });
  const { status, headers, body } = toProblem(error, 'r1');
  expect([status, headers]).toEqual([422, { 'retry-after': '3' }]);
  expect(body).toEqual({
    type: 'about:blank',
    title: 'Invalid request',
    status: 422,
    detail: 'no',
    code: 'INVALID_REQUEST',
    requestId: 'r1',
    errors: [{ pointer: '/a', detail: 'x' }],
  });
});

it('says nothing of what went wrong inside', () => {
  const { status, body } = toProblem(new Error('secret in /srv/file.ts'), 'r1');
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain('secret');
});

it.each([
  ['a refused connection', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  [
    'a server that shuts down',
    new QueryFailedError('SELECT 1', [], Object.assign(new Error('terminating connection'), { code: '57P01' })),
  ],
  ['a broken connection', new Error('Connection terminated unexpectedly')],
  ['a query that takes too long', new Error('Query read timeout')],
  ['several addresses that refuse', new AggregateError([Object.assign(new Error(''), { code: 'ECONNREFUSED' })])],
])('answers 503 with Retry-After for %s', (_, error) => {
  const { status, headers } = toProblem(error, 'r1');
  expect([status, headers['retry-after']]).toEqual([503, '2']);
});

it("maps the framework's own refusals to codes", () => {
  expect(toProblem(new NotFoundException('Cannot GET /x'), 'r').body.code).toBe('NOT_FOUND');
  expect(toProblem(Object.assign(new Error('too large'), { statusCode: 413 }), 'r').body.code).toBe(
    'PAYLOAD_TOO_LARGE',
  );
  expect(toProblem(Object.assign(new Error('type'), { statusCode: 415 }), 'r').body.code).toBe(
    'UNSUPPORTED_MEDIA_TYPE',
  );
});
