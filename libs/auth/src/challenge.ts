/** What a refusal for want of a credential says beside its status. */
import { DomainError } from '#platform';
import { authErrors } from './auth.errors.js';

/** RFC 6750 §3. */
export const CHALLENGE = 'Bearer realm="latido"';
export const CREDENTIAL_NEEDED = 'This route needs an access token or an API key.';

/** AUTHENTICATION_REQUIRED with the challenge that a 401 must have (RFC 9110 §11.6.1). */
export function authenticationRequired(detail: string): DomainError {
  return new DomainError(authErrors.AUTHENTICATION_REQUIRED, detail, { headers: { 'www-authenticate': CHALLENGE } });
}
