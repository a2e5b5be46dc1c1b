/** What is measured. Each target names the echo that it is a ratio of: the same body and as many connections, in the same round. */
import { bodies, MODEL, PASSWORD, predictionsOf, WINDOW_MODEL } from './world.mjs';

/** Sign-ins that one address may try in a minute are few; Linux has a whole network of loopback addresses. */
const SIGN_IN_ADDRESSES = process.platform === 'linux' ? 200 : 1;

/**
 * @typedef {object} Target
 * @property {string} key by which it is asked for
 * @property {string} name for people
 * @property {'echo' | 'api'} on
 * @property {string} [echo] key of the echo that it is compared with
 * @property {number} connections
 * @property {import('./requests.mjs').RequestTemplate[]} requests
 * @property {string[]} [tokens]
 * @property {number} expect the status of every answer
 * @property {number} [rows] in one request
 * @property {number} [share] of the rate that target `of` reached: the load is paced
 * @property {string} [of]
 * @property {number} [addresses] that the connections come from
 */

const posts = (path, list) => list.map((body) => ({ method: 'POST', path, body: JSON.stringify(body) }));

/** Examples by which the echo knows the bodies, by path. */
export function echoExamples(windowBody) {
  const { row, rows, window } = bodies(windowBody);
  return { '/row': row[0], '/rows': rows[0], ...(windowBody ? { '/window': window[0] } : {}) };
}

/**
 * What the load generator is told.
 * @param {Target} target
 * @param {{port: number}} process the server or the echo
 */
export function ordersFor({ connections, requests, tokens, addresses }, { port }) {
  return { host: '127.0.0.1', port, connections, requests, tokens, addresses };
}

/** @returns {Target[]} */
export function targets(world, windowBody) {
  const { row, rows, window } = bodies(windowBody);
  const { tokens, apiKeys } = world;
  const echo = (form, list, connections) => ({
    key: `echo-${form}-${connections}`,
    name: `bare Fastify echo of ${{ row: 'one row', rows: '100 rows', window: 'a window' }[form]}`,
    on: 'echo',
    connections,
    requests: posts(`/${form}`, list),
    expect: 200,
  });
  const predict = (key, name, form, list, connections, model, credentials, more = {}) => ({
    key: `${key}-${connections}`,
    name,
    on: 'api',
    echo: `echo-${form}-${connections}`,
    connections,
    requests: posts(predictionsOf(model), list),
    tokens: credentials,
    expect: 201,
    ...more,
  });
  const byToken = (connections, more) =>
    predict('prediction', 'prediction, one row, token', 'row', row, connections, MODEL, tokens, more);
  const byKey = (connections) =>
    predict('key', 'prediction, one row, API key', 'row', row, connections, MODEL, apiKeys);
  const paced = (connections) => ({
    ...byToken(connections),
    key: `paced-${connections}`,
    name: 'prediction, one row, token, at 0.7 of its maximum',
    share: 0.7,
    of: `prediction-${connections}`,
  });
  return [
    echo('row', row, 1),
    echo('row', row, 32),
    echo('row', row, 256),
    {
      key: 'live-32',
      name: '/health/live',
      on: 'api',
      echo: 'echo-row-32',
      connections: 32,
      requests: [{ method: 'GET', path: '/health/live' }],
      expect: 200,
    },
    byToken(1),
    byToken(32),
    byToken(256),
    byKey(1),
    byKey(32),
    byKey(256),
    paced(32),
    paced(256),
    echo('rows', rows, 32),
    predict('rows', 'prediction, 100 rows, token', 'rows', rows, 32, MODEL, tokens, { rows: 100 }),
    ...(windowBody
      ? [
          echo('window', window, 32),
          predict('window', 'prediction, one window, token', 'window', window, 32, WINDOW_MODEL, tokens),
        ]
      : []),
    {
      key: 'sign-in-4',
      name: 'sign-in (argon2)',
      on: 'api',
      echo: 'echo-row-32',
      connections: 4,
      requests: world.ids.slice(0, 2_000).map((_, index) => ({
        method: 'POST',
        path: '/v1/auth/token',
        body: JSON.stringify({ grant_type: 'password', username: `bench-${index}`, password: PASSWORD }),
      })),
      expect: 200,
      addresses: SIGN_IN_ADDRESSES,
    },
  ];
}
