import { defineErrors } from '#platform';

export const authErrors = defineErrors('auth', {
  AUTHENTICATION_REQUIRED: {
    status: 401,
    title: 'Authentication required',
    meaning: 'The route needs an access token or an API key: `Authorization: Bearer …`.',
  },
  INVALID_TOKEN: {
    status: 401,
    title: 'Invalid token',
    meaning:
      'The access token or API key is malformed, forged, expired, revoked, or its account is suspended. Sign in again, or make a new key.',
  },
  FRESH_TOKEN_REQUIRED: {
    status: 401,
    title: 'Fresh token required',
    meaning:
      'The access token came from a refresh token, and the route wants one that came from a password. Sign in again.',
  },
  PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    title: 'Password change required',
    meaning:
      'The password was given out by somebody else. Set one of your own first: `PATCH /v1/me` with `currentPassword` and `newPassword`.',
  },
  API_KEY_NOT_ALLOWED: {
    status: 403,
    title: 'Forbidden',
    meaning: 'Keys, passwords and sessions are managed with an access token, never with an API key.',
  },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    title: 'Too many attempts',
    meaning:
      'Too many registrations or sign-ins from this address, or failed ones for this account. Try again after `Retry-After` seconds; trying sooner costs nothing.',
  },
  PASSWORD_HASHING_BUSY: {
    status: 429,
    title: 'Too many attempts',
    meaning: 'More passwords wait to be checked than the server checks at once. Try again after `Retry-After` seconds.',
  },
  REGISTRATION_CLOSED: {
    status: 403,
    title: 'Registration closed',
    meaning: 'This server makes no accounts on request (`REGISTRATION=closed`).',
  },
  INVITATION_INVALID: {
    status: 403,
    title: 'Invitation invalid',
    meaning:
      'Registration needs an invitation here (`REGISTRATION=invite`), and the code is missing, unknown, expired or used.',
  },
  WRONG_PASSWORD: {
    status: 403,
    title: 'Wrong password',
    meaning: 'The current password given to change it is not right.',
  },
  API_KEY_NOT_FOUND: {
    status: 404,
    title: 'Not found',
    meaning: 'The caller has no such API key, or it is revoked already.',
  },
  API_KEY_LIMIT: {
    status: 409,
    title: 'Too many API keys',
    meaning: 'The account has as many API keys as one may have; revoke one that is not used.',
  },
});
