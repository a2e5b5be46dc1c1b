/** What the older service says of a path it does not know, and of a method that a path does not take. */
import type { FastifyRequest } from 'fastify';
import { DomainError, platformErrors } from '#platform';

const ROUTES: readonly (readonly [path: RegExp, allow: string])[] = [
  [/^\/(register|login|refresh|SwitchToPremium|SwitchToFreemium)$/, 'POST, OPTIONS'],
  [/^\/(freemium|premium)\/predict$/, 'GET, HEAD, POST, OPTIONS'],
  [/^\/(freemium|premium)\/predictById\/[^/]+$/, 'GET, HEAD, OPTIONS'],
  [/^\/service$/, 'GET, HEAD, POST, OPTIONS'],
];

/** @throws NOT_FOUND; REQUEST_REFUSED (405) */
export function refuseUnknownRoute({ url, method }: Pick<FastifyRequest, 'url' | 'method'>): never {
  const path = url.split('?', 1)[0]!.replace(/^\/legacy\/cardiac/, '');
  const known = ROUTES.find(([pattern]) => pattern.test(path));
  if (!known) throw new DomainError(platformErrors.NOT_FOUND, 'There is no such route.');
  const kind = { ...platformErrors.REQUEST_REFUSED, status: 405, title: 'Method Not Allowed' };
  throw new DomainError(kind, `${method} is not among the methods of this route.`, { headers: { allow: known[1] } });
}
