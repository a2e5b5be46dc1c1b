/** What older services answer for paths that they do not have, and for methods that a path does not have. */
import type { FastifyRequest } from 'fastify';
import { DomainError, platformErrors } from '#platform';
import { legacyErrors } from './legacy.errors.js';

/**
 * @param routes paths below the service's own root, with the method that they have
 * @throws LEGACY_METHOD_NOT_ALLOWED, NOT_FOUND
 */
export function refuseUnknown(
  request: FastifyRequest<{ Params: { '*'?: string } }>,
  routes: readonly (readonly [path: RegExp, method: string])[],
): never {
  const path = request.params['*'] ?? '';
  const known = routes.find(([pattern]) => pattern.test(path));
  // A name that is too long for the router is none that the service has.
  if (!known || known[1] === request.method) throw new DomainError(platformErrors.NOT_FOUND, 'Not Found');
  throw new DomainError(legacyErrors.LEGACY_METHOD_NOT_ALLOWED, 'Method Not Allowed', { headers: { allow: known[1] } });
}
