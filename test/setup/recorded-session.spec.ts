import { describe, expect, it } from 'vitest';
import type { InjectOptions } from 'fastify';
import { mismatches, replaySession, type SessionStep } from './recorded-session.js';

describe('the shape of an answer', () => {
  it.each([
    ['string', 'a'],
    ['integer', 3],
    ['string?', null],
    [{ id: '1' }, { id: '1', more: true }],
    [{ id: 'string', password: 'absent' }, { id: '1' }],
    [
      [{ id: 'string' }, '...'],
      [{ id: '1' }, { id: '2' }],
    ],
    [[{ id: 'string' }, '...'], []],
    [
      [true, 'boolean'],
      [true, false],
    ],
    [{ left: null }, { left: null }],
  ])('%j is that of %j', (shape, value) => {
    expect(mismatches(shape, value, 'body')).toEqual([]);
  });

  it.each([
    ['string', 3, 'body is 3, not string'],
    ['integer', 3.5, 'body is 3.5, not integer'],
    ['string?', 3, 'body is 3, not string'],
    [{ id: '1' }, { id: 1 }, 'body/id is 1, not "1"'],
    [{ id: 'any' }, {}, 'body/id is undefined, not any'],
    [{ password: 'absent' }, { password: 'x' }, 'body/password is "x", not nothing'],
    [[{ id: 'string' }, '...'], [{ id: '1' }, {}], 'body/1/id is undefined, not string'],
    [[true], [true, false], 'body has 2 elements, not 1'],
    [[true], {}, 'body is {}, not array'],
    [{}, [], 'body is [], not object'],
  ])('%j is not that of %j', (shape, value, fault) => {
    expect(mismatches(shape, value, 'body')).toEqual([fault]);
  });
});

describe('a recorded session', () => {
  const answering = (status: number, body: unknown): { sent: InjectOptions[]; request: typeof request } => {
    const sent: InjectOptions[] = [];
    const request = (options: InjectOptions) => {
      sent.push(options);
      return Promise.resolve({ status, headers: { 'x-of': 'test' }, body });
    };
    return { sent, request };
  };
  const step = (more: Partial<SessionStep>): SessionStep => ({
    name: 'a step',
    method: 'GET',
    path: '/a',
    expect: { status: 200 },
    ...more,
  });

  it('sends what earlier steps saved, below the prefix', async () => {
    const target = answering(200, { tokens: [{ access: 'secret' }], id: 7 });
    const first = step({ save: { token: '/tokens/0/access', id: '/id' } });
    const headers = { authorization: 'Bearer {{token}}' };
    await replaySession(target, [first, step({ path: '/b/{{id}}', headers, body: { id: '{{id}}' } })], '/legacy/test');
    expect(target.sent[1]).toMatchObject({
      url: '/legacy/test/b/7',
      headers: { authorization: 'Bearer secret' },
      payload: { id: 7 },
    });
  });

  it.each([
    ['another status', step({ expect: { status: 201 } })],
    ['another body', step({ expect: { status: 200, shape: { id: 8 } } })],
    ['another header', step({ expect: { status: 200, headers: { 'x-of': 'nobody' } } })],
    ['nothing to save', step({ save: { token: '/token' } })],
    ['a name that nobody saved', step({ path: '/{{token}}' })],
  ])('fails for %s', async (_, failing) => {
    await expect(replaySession(answering(200, { id: 7 }), [failing], '')).rejects.toThrow();
  });
});
