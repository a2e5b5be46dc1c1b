/** What is measured. Each target names the echo that it is a ratio of: the same body and as many connections, in the same round. */
import { bodies, MODEL, PASSWORD, predictionsOf, WINDOW_MODEL } from './world.mjs';

/** Sign-ins that one address may try in a minute are few; Linux has a whole network of loopback addresses. */
const SIGN_IN_ADDRESSES = process.platform === 'linux' ? 200 : 1;
const SIGN_INS = 2_000;

/**
 * @typedef {object} Target
 * @property {string} key by which it is asked for
 * @property {string} name for people
 * @property {string} [section] by which several are asked for
 * @property {'echo' | 'api'} on
 * @property {string} [echo] key of the echo that it is compared with
 * @property {number} connections
 * @property {import('./requests.mjs').RequestTemplate[]} requests
 * @property {string[]} [tokens]
 * @property {number} expect the status of every answer
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

const posted = (key, name, more) => ({ key, name, on: 'api', expect: 201, ...more });

/** @returns {Target[]} in the order in which they run: what is compared stands close together */
export function targets(world, windowBody) {
  const { row, rows, window } = bodies(windowBody);
  const { tokens, apiKeys } = world;
  const echo = (name, form, list, connections) => ({
    key: `echo-${form}-${connections}`,
    name: `bare Fastify echo of ${name}`,
    on: 'echo',
    connections,
    requests: posts(`/${form}`, list),
    expect: 200,
  });
  const ofRow = (connections) => ({
    section: 'predictions',
    echo: `echo-row-${connections}`,
    connections,
    requests: posts(predictionsOf(MODEL), row),
  });
  const byToken = (connections) =>
    posted(`prediction-${connections}`, 'prediction, token', { ...ofRow(connections), tokens });
  const byKey = (connections) =>
    posted(`key-${connections}`, 'prediction, API key', { ...ofRow(connections), tokens: apiKeys });
  const paced = (connections) =>
    posted(`paced-${connections}`, 'prediction, token, at 0.7 of its maximum', {
      ...ofRow(connections),
      tokens,
      share: 0.7,
      of: `prediction-${connections}`,
    });
  const oneRow = (connections) => [
    echo('one row', 'row', row, connections),
    byToken(connections),
    byKey(connections),
    ...(connections > 1 ? [paced(connections)] : []),
  ];
  return [
    ...oneRow(1),
    ...oneRow(32),
    {
      key: 'live-32',
      name: '/health/live',
      section: 'live',
      on: 'api',
      echo: 'echo-row-32',
      connections: 32,
      requests: [{ method: 'GET', path: '/health/live' }],
      expect: 200,
    },
    ...oneRow(256),
    echo('100 rows', 'rows', rows, 32),
    posted('rows-32', 'prediction of 100 rows, token', {
      section: 'rows',
      echo: 'echo-rows-32',
      connections: 32,
      requests: posts(predictionsOf(MODEL), rows),
      tokens,
    }),
    ...(windowBody
      ? [
          echo(`a window (${(JSON.stringify(window[0]).length / 1000).toFixed(1)} KB)`, 'window', window, 32),
          posted('window-32', 'prediction of a window, token', {
            section: 'window',
            echo: 'echo-window-32',
            connections: 32,
            requests: posts(predictionsOf(WINDOW_MODEL), window),
            tokens,
          }),
        ]
      : []),
    {
      key: 'sign-in-4',
      name: 'sign-in (argon2)',
      section: 'sign-in',
      on: 'api',
      connections: 4,
      requests: world.ids.slice(0, SIGN_INS).map((_, index) => ({
        method: 'POST',
        path: '/v1/auth/token',
        body: JSON.stringify({ grant_type: 'password', username: `bench-${index}`, password: PASSWORD }),
      })),
      expect: 200,
      addresses: SIGN_IN_ADDRESSES,
    },
  ];
}

/** Those of some sections, with what they are compared with. */
export function selected(all, sections) {
  const wanted = new Set();
  for (const { key, section, echo, of } of all)
    if (sections.has(section)) for (const each of [key, echo, of]) wanted.add(each);
  return all.filter(({ key }) => wanted.has(key));
}
