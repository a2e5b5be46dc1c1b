import {
  above,
  administrator,
  below,
  get,
  givePlan,
  newcomer,
  ofLength,
  ofType,
  oneWith,
  patch,
  post,
  problem,
  put,
  topic,
} from '../describe.mjs';
import { PATIENT } from './patients.mjs';

const PREDICT = '/v1/models/cardiac-risk/predictions';
const REFUSED = problem(429, 'QUOTA_EXCEEDED', {
  headers: { 'Retry-After': /^([1-9]|[1-5]\d|60)$/, RateLimit: /r=0/ },
});

export default topic(
  'plans',
  'Plans: FREEMIUM and PREMIUM to their limits, and the upgrade between them',
  'Five requests within any sixty seconds, then fifty. A refused request counts for nothing. Takes a fresh account, whose minute is empty.',
  [
    get('The plans there are', '/v1/plans', {
      expect: {
        status: 200,
        body: {
          data: oneWith({ name: 'FREEMIUM', requestsPerMinute: 5 }),
          'data[1].name': 'PREMIUM',
          'data[1].requestsPerMinute': 50,
        },
      },
    }),
    newcomer('eva'),
    post('FREEMIUM: within the plan', PREDICT, {
      as: 'eva',
      json: { input: PATIENT },
      times: 5,
      expect: {
        status: 201,
        headers: { 'RateLimit-Policy': /^"freemium";q=5;w=60$/, RateLimit: /^"freemium";r=[0-4];t=\d+$/ },
      },
    }),
    post('FREEMIUM: the sixth is refused', PREDICT, { as: 'eva', json: { input: PATIENT }, expect: REFUSED }),
    get('Nothing is left of the minute', '/v1/me', {
      as: 'eva',
      expect: { status: 200, body: { plan: 'FREEMIUM', 'quota.remaining': 0, 'quota.resetSeconds': above(0) } },
    }),
    put('Nobody upgrades themselves', '/v1/users/{{evaId}}/subscription', {
      as: 'eva',
      json: { plan: 'PREMIUM' },
      expect: problem(403, 'FORBIDDEN'),
    }),
    administrator(),
    put('A plan there is not', '/v1/users/{{evaId}}/subscription', {
      as: 'admin',
      json: { plan: 'GOLD' },
      expect: problem(422, 'INVALID_REQUEST', { body: { 'errors[0].pointer': '/plan' } }),
    }),
    givePlan('eva', 'PREMIUM'),
    get('The five count against the fifty', '/v1/me', {
      as: 'eva',
      expect: { status: 200, body: { plan: 'PREMIUM', 'quota.limit': 50, 'quota.remaining': above(44) } },
    }),
    newcomer('max'),
    put('Give Max the plan PREMIUM', '/v1/users/{{maxId}}/subscription', {
      as: 'admin',
      json: { plan: 'PREMIUM' },
      expect: { status: 200, body: { plan: 'PREMIUM' } },
    }),
    post('PREMIUM: within the plan', PREDICT, {
      as: 'max',
      json: { input: PATIENT },
      times: 50,
      expect: { status: 201, headers: { 'RateLimit-Policy': /^"premium";q=50;w=60$/ } },
    }),
    post('PREMIUM: the fifty-first is refused', PREDICT, { as: 'max', json: { input: PATIENT }, expect: REFUSED }),
    get('What Max used today', '/v1/users/{{maxId}}/usage?days=1', {
      as: 'admin',
      expect: { status: 200, body: { data: ofLength(1), 'data[0].refusals': below(2) } },
    }),
    get('What several used today', '/v1/usage?userId={{maxId}}&userId={{evaId}}&days=1', {
      as: 'admin',
      expect: { status: 200, body: { data: ofLength(2), 'data[0].userId': '{{maxId}}', 'data[0].data': ofLength(1) } },
    }),
    get('Who was refused last', '/v1/service/refusals?status=429&limit=1', {
      as: 'admin',
      expect: { status: 200, body: { data: ofLength(1), 'data[0].status': 429, 'data[0].method': 'POST' } },
    }),
    get('A status that is no refusal', '/v1/service/refusals?status=200', {
      as: 'admin',
      expect: problem(422, 'INVALID_REQUEST', { body: { 'errors[0].pointer': '?status' } }),
    }),
    put('The administrator may change a plan: to what it is, here', '/v1/plans/FREEMIUM', {
      as: 'admin',
      json: { requestsPerMinute: 5 },
      expect: { status: 200, body: { name: 'FREEMIUM', requestsPerMinute: 5 } },
    }),
    put('A plan of no requests', '/v1/plans/FREEMIUM', {
      as: 'admin',
      json: { requestsPerMinute: -1 },
      expect: problem(422, 'INVALID_REQUEST', { body: { 'errors[0].pointer': '/requestsPerMinute' } }),
    }),
    put('Change a plan there is not', '/v1/plans/GOLD', {
      as: 'admin',
      json: { requestsPerMinute: 5 },
      expect: problem(404, 'PLAN_NOT_FOUND'),
    }),
    get('Accounts, for the administrator', '/v1/users?limit=2', {
      as: 'admin',
      expect: { status: 200, body: { data: ofLength(2), 'data[0].username': '{{maxName}}' } },
    }),
    get('Accounts of one plan', '/v1/users?plan=PREMIUM&q={{maxName}}', {
      as: 'admin',
      expect: { status: 200, body: { data: ofLength(1), 'data[0].id': '{{maxId}}' } },
    }),
    get('One account', '/v1/users/{{maxId}}', {
      as: 'admin',
      expect: {
        status: 200,
        body: { id: '{{maxId}}', username: '{{maxName}}', plan: 'PREMIUM', planSince: ofType('string') },
      },
    }),
    get('An account there is not', '/v1/users/00000000-0000-7000-8000-000000000000', {
      as: 'admin',
      expect: problem(404, 'USER_NOT_FOUND'),
    }),
    patch('Suspend Max', '/v1/users/{{maxId}}', {
      as: 'admin',
      json: { status: 'suspended' },
      expect: { status: 200, body: { status: 'suspended' } },
    }),
    get('The token of a suspended account', '/v1/me', { as: 'max', expect: problem(401, 'INVALID_TOKEN') }),
  ],
);
