/** What the older service says of a path it does not know, and of a method that a path does not take. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, platformErrors } from '#platform';

const ROUTES: readonly (readonly [path: RegExp, allow: string])[] = [
  [/^\/(register|login|refresh|SwitchToPremium|SwitchToFreemium)$/, 'POST, OPTIONS'],
  [/^\/(freemium|premium)\/predict$/, 'GET, HEAD, POST, OPTIONS'],
  [/^\/(freemium|premium)\/predictById\/[^/]+$/, 'GET, HEAD, OPTIONS'],
  [/^\/service$/, 'GET, HEAD, POST, OPTIONS'],
];

/** OPTIONS of a known path: which methods it takes. @throws NOT_FOUND; REQUEST_REFUSED (405) */
export function answerUnknownRoute(
  { url, method }: Pick<FastifyRequest, 'url' | 'method'>,
  reply: Pick<FastifyReply, 'header'>,
): string {
  const path = url.split('?', 1)[0]!.replace(/^\/legacy\/cardiac/, '');
  const [, allow] = ROUTES.find(([pattern]) => pattern.test(path)) ?? [];
  if (allow === undefined) throw new DomainError(platformErrors.NOT_FOUND, 'There is no such route.');
  if (method === 'OPTIONS') {
    void reply.header('allow', allow);
    return '';
  }
  const kind = { ...platformErrors.REQUEST_REFUSED, status: 405, title: 'Method Not Allowed' };
  throw new DomainError(kind, `${method} is not among the methods of this route.`, { headers: { allow } });
}
