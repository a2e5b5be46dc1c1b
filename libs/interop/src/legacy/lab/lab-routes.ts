/** What there is no route for, in FastAPI's words. */
import type { FastifyRequest } from 'fastify';
import { DomainError, platformErrors } from '#platform';

const METHODS: Readonly<Record<string, string>> = {
  '/models': 'GET',
  '/models/activate': 'POST',
  '/predict': 'POST',
  '/batch-predict': 'POST',
};
const PREFIX = /^\/legacy\/lab/;

/** @throws 405 where the path is known, else NOT_FOUND */
export function refuseUnknown({ url }: Pick<FastifyRequest, 'url'>): never {
  const [path = ''] = url.split('?');
  const allow = METHODS[path.replace(PREFIX, '')];
  if (allow === undefined) throw new DomainError(platformErrors.NOT_FOUND, 'Not Found');
  const kind = { ...platformErrors.REQUEST_REFUSED, status: 405, title: 'Method Not Allowed' };
  throw new DomainError(kind, 'Method Not Allowed', { headers: { allow } });
}
