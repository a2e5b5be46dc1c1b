import {
  above,
  absent,
  del,
  filler,
  get,
  newcomer,
  ofLength,
  ofType,
  oneWith,
  patch,
  post,
  premiumNewcomer,
  present,
  problem,
  random,
  topic,
} from '../describe.mjs';

const INVALID_TOKEN = problem(401, 'INVALID_TOKEN', { headers: { 'WWW-Authenticate': /error="invalid_token"/ } });

export default topic(
  'accounts',
  'Accounts: register, sign in, refresh, profile, API keys, sign out',
  'Sign-in and refreshing are OAuth 2.0 (RFC 6749), as form or as JSON; signing out is RFC 7009.',
  [
    premiumNewcomer('ana'),
    post('Register a name that is taken', '/v1/users', {
      make: { otherPassword: random() },
      json: { username: '{{anaName}}', password: '{{otherPassword}}' },
      expect: problem(409, 'ACCOUNT_EXISTS', { body: { errors: oneWith({ pointer: '/username' }) } }),
    }),
    post('Register with a short password and an unknown field', '/v1/users', {
      json: { username: 'x', password: 'short', colour: 'green' },
      expect: problem(422, 'INVALID_REQUEST', {
        body: { errors: ofLength(3), 'errors[0].pointer': '/colour', 'errors[2].pointer': '/password' },
      }),
    }),
    post('Sign in with a wrong password', '/v1/auth/token', {
      json: { grant_type: 'password', username: '{{anaName}}', password: 'not the password' },
      expect: { status: 400, body: { error: 'invalid_grant', error_description: ofType('string') } },
    }),
    post('Sign in without a grant type', '/v1/auth/token', {
      form: { username: '{{anaName}}' },
      expect: { status: 400, body: { error: 'invalid_request' } },
    }),
    post('Sign in by form, as OAuth clients do', '/v1/auth/token', {
      form: { grant_type: 'password', username: '{{anaName}}', password: '{{anaPassword}}' },
      expect: {
        status: 200,
        headers: { 'Cache-Control': /no-store/ },
        body: { token_type: 'Bearer', expires_in: above(0) },
      },
      keep: { secondRefreshToken: 'refresh_token' },
    }),
    post('Refresh', '/v1/auth/token', {
      json: { grant_type: 'refresh_token', refresh_token: '{{secondRefreshToken}}' },
      expect: { status: 200, body: { token_type: 'Bearer', refresh_token: ofType('string') } },
      keep: { refreshedToken: 'access_token', thirdRefreshToken: 'refresh_token' },
    }),
    get('Who am I, with the refreshed token', '/v1/me', {
      as: 'refreshed',
      expect: {
        status: 200,
        body: {
          id: '{{anaId}}',
          username: '{{anaName}}',
          plan: 'PREMIUM',
          'quota.limit': 50,
          mustChangePassword: false,
        },
      },
    }),
    post('End that session', '/v1/auth/revoke', {
      json: { token: '{{thirdRefreshToken}}' },
      expect: { status: 200 },
    }),
    post('Refresh a session that has ended', '/v1/auth/token', {
      json: { grant_type: 'refresh_token', refresh_token: '{{thirdRefreshToken}}' },
      expect: { status: 400, body: { error: 'invalid_grant' } },
    }),
    get('The keys that verify access tokens', '/.well-known/jwks.json', {
      expect: { status: 200, body: { 'keys[0].alg': 'ES256', 'keys[0].kid': ofType('string'), 'keys[0].d': absent } },
    }),
    patch('Change the display name', '/v1/me', {
      as: 'ana',
      json: { displayName: 'Ana Aguilar' },
      expect: { status: 200, body: { displayName: 'Ana Aguilar' } },
    }),
    patch('Change the password without knowing it', '/v1/me', {
      as: 'ana',
      make: { newPassword: random() },
      json: { currentPassword: 'not the password', newPassword: '{{newPassword}}' },
      expect: problem(403, 'WRONG_PASSWORD'),
    }),
    post('Make an API key', '/v1/me/api-keys', {
      as: 'ana',
      json: { name: 'battery', expiresAt: '2099-01-01T00:00:00Z' },
      expect: {
        status: 201,
        headers: { Location: /^\/v1\/me\/api-keys\// },
        body: { key: /^lat_/, scopes: ofLength(0) },
      },
      keep: { keyToken: 'key', keyId: 'id' },
    }),
    get('The keys there are, without their secrets', '/v1/me/api-keys', {
      as: 'ana',
      expect: {
        status: 200,
        body: { data: ofLength(1), 'data[0].id': '{{keyId}}', 'data[0].key': absent, nextCursor: null },
      },
    }),
    get('The key as bearer', '/v1/me', { as: 'key', expect: { status: 200, body: { id: '{{anaId}}' } } }),
    get('The key as X-API-Key', '/v1/me', {
      headers: { 'X-API-Key': '{{keyToken}}' },
      expect: { status: 200, body: { id: '{{anaId}}' } },
    }),
    get('The key alone, as older clients send it', '/v1/me', {
      headers: { Authorization: '{{keyToken}}' },
      expect: { status: 200, body: { id: '{{anaId}}' } },
    }),
    get('A key does not manage keys', '/v1/me/api-keys', { as: 'key', expect: problem(403, 'API_KEY_NOT_ALLOWED') }),
    get('What was used today', '/v1/me/usage?days=1', {
      as: 'ana',
      expect: { status: 200, body: { from: /^\d{4}-\d\d-\d\d$/, to: /^\d{4}-\d\d-\d\d$/, data: present } },
    }),
    del('Revoke the key', '/v1/me/api-keys/{{keyId}}', { as: 'ana', expect: { status: 204 } }),
    get('A revoked key', '/v1/me', { as: 'key', expect: INVALID_TOKEN }),
    del('Revoke it again', '/v1/me/api-keys/{{keyId}}', { as: 'ana', expect: problem(404, 'API_KEY_NOT_FOUND') }),
    post('A body that is too large', '/v1/users', {
      make: { megabyte: filler(1_100_000) },
      json: { username: '{{megabyte}}' },
      onlyWithScripts: 'its body is made by a script',
      expect: problem(413, 'PAYLOAD_TOO_LARGE'),
    }),
    del('Sign out everywhere', '/v1/me/sessions', { as: 'ana', expect: { status: 204 } }),
    get('A token from before', '/v1/me', { as: 'ana', expect: INVALID_TOKEN }),
    newcomer('leo'),
    get('Somebody new is FREEMIUM', '/v1/me', {
      as: 'leo',
      expect: { status: 200, body: { plan: 'FREEMIUM', 'quota.limit': 5, 'quota.windowSeconds': 60 } },
    }),
  ],
);
