import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { RefreshDelivery } from './refresh-delivery.js';

function delivery(
  protocol: string,
  headers: Record<string, string> = {},
): { delivery: RefreshDelivery; sent: Record<string, string> } {
  const sent: Record<string, string> = {};
  const reply = { header: (name: string, value: string) => (sent[name] = value) } as unknown as FastifyReply;
  return { delivery: new RefreshDelivery({ protocol, headers } as unknown as FastifyRequest, reply), sent };
}

it('marks the cookie Secure where the client speaks TLS', () => {
  const secure = delivery('https');
  secure.delivery.setCookie('token', 60);
  expect(secure.sent['set-cookie']).toBe(
    'latido_refresh=token; HttpOnly; SameSite=Strict; Path=/v1/auth; Max-Age=60; Secure',
  );
  const plain = delivery('http');
  plain.delivery.setCookie('token', 60);
  expect(plain.sent['set-cookie']).not.toContain('Secure');
});

it.each([
  ['latido_refresh=abc', 'abc'],
  ['a=1; latido_refresh=abc; b=2', 'abc'],
  ['latido_refresh=', undefined],
  ['xlatido_refresh=abc', undefined],
  ['a=latido_refresh=abc', undefined],
])('reads the cookie out of %s', (cookie, token) => {
  expect(delivery('http', { cookie, 'x-token-delivery': 'cookie' }).delivery.received).toBe(token);
  expect(delivery('http', { cookie }).delivery.received).toBeUndefined();
});
