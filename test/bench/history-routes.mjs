/** The routes that read what was recorded: as the one whose predictions they are, and as an auditor who sees everybody's. */
import { addPeople } from './database.mjs';
import { measure } from './measure.mjs';
import { MODEL, WINDOW_MODEL } from './world.mjs';

/** A user may read 600 times a minute: so many share the reading. */
const READERS = 200;
const AUDITORS = 100;
const REQUESTS = 200;
/** What is slow is measured less often. */
const SLOW_MS = 100;
const SLOW_REQUESTS = 20;

const get = (path) => ({ method: 'GET', path });

/** Requests and tokens side by side: the n-th request belongs to the n-th token. */
const route = (name, list) => ({
  key: name,
  name,
  on: 'api',
  connections: 1,
  expect: 200,
  requests: list.map(([path]) => get(path)),
  tokens: list.map(([, token]) => token),
});

async function auditorsOf(world, server) {
  const { like, token } = world;
  world.auditors ??= (
    await addPeople(server.dataFolder, { prefix: 'auditor', role: 'auditor', from: 0, count: AUDITORS, like, token })
  ).tokens;
  return world.auditors;
}

/**
 * @param {object} world as `populate` made it
 * @param {import('./processes.mjs').Server} server with some predictions recorded
 */
export async function historyRoutes(world, server) {
  const auditors = await auditorsOf(world, server);
  const [auditor] = auditors;
  const readers = world.tokens.slice(0, READERS);
  const list = (query, token) => server.call('GET', `/v1/predictions?${query}`, { token });
  const newest = await list('limit=200', auditor);
  const rare = await list(`limit=1&model=${WINDOW_MODEL}`, auditor);
  const oldestAt = new Date(rare.data[0].createdAt).getTime();
  const newestAt = new Date(newest.data[0].createdAt).getTime();
  const moment = (share) => new Date(oldestAt + (newestAt - oldestAt) * share).toISOString();
  const between = `from=${moment(0.5)}&to=${moment(0.55)}`;
  const [middle] = (await list(`limit=1&${between}`, auditor)).data;
  const windowLabel = await labelOf(rare.data[0].id, server, auditor);

  const own = [];
  for (const token of readers.slice(0, 20)) {
    const { data, nextCursor } = await list('limit=5', token);
    own.push({ token, ids: data.map(({ id }) => id), nextCursor });
  }
  const mine = (query) => readers.map((token) => [`/v1/predictions?limit=50${query}`, token]);
  const everyone = (query) => auditors.map((token) => [`/v1/predictions?limit=50${query}`, token]);
  const pages = own.filter(({ nextCursor }) => nextCursor !== null);
  return [
    route('own, newest 50', mine('')),
    ...(pages.length > 0
      ? [
          route(
            'own, the next page',
            pages.map(({ token, nextCursor }) => [`/v1/predictions?limit=50&cursor=${nextCursor}`, token]),
          ),
        ]
      : []),
    route('own, of a model', mine(`&model=${MODEL}`)),
    route('own, with a label', mine('&label=risk')),
    route('own, of a time', mine(`&${between}`)),
    route(
      'own, one prediction',
      own.flatMap(({ token, ids }) => ids.map((id) => [`/v1/predictions/${id}`, token])),
    ),
    route("everybody's, newest 50", everyone('')),
    route("everybody's, the next page", everyone(`&cursor=${newest.nextCursor}`)),
    route("everybody's, of a model", everyone(`&model=${MODEL}`)),
    route("everybody's, of a model with few, the oldest", everyone(`&model=${WINDOW_MODEL}`)),
    route("everybody's, with a label", everyone('&label=risk')),
    route("everybody's, with a label that few have, the oldest", everyone(`&label=${windowLabel}`)),
    route("everybody's, of a time", everyone(`&${between}`)),
    route("everybody's, of a time, a model and a label", everyone(`&${between}&model=${MODEL}&label=risk`)),
    route("everybody's, of one user", everyone(`&userId=${world.ids[0]}`)),
    route(
      "everybody's, one prediction",
      auditors.map((token, index) => [
        `/v1/predictions/${index % 2 === 0 && middle ? middle.id : rare.data[0].id}`,
        token,
      ]),
    ),
  ];
}

async function labelOf(id, server, token) {
  return (await server.call('GET', `/v1/predictions/${id}`, { token })).results[0].label;
}

/** Each route by itself, one request at a time. */
export async function measureRoutes(routes, processes) {
  const results = [];
  for (const each of routes) {
    const probe = await measure(each, processes, { count: 5 });
    const count = probe.p50Ms > SLOW_MS ? SLOW_REQUESTS : REQUESTS;
    results.push({ ...(await measure(each, processes, { count })), name: each.name });
  }
  return results;
}
