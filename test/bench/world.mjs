/** Who and what the load is made of: people with tokens and keys on a running server, and the bodies they send. */
import { addPeople } from './database.mjs';
import { ADMIN_PASSWORD } from './processes.mjs';

export const PEOPLE = 10_000;
export const MODEL = 'cardiac-risk';
export const WINDOW_MODEL = 'haemodynamic-shock';
/** What the first, ordinary account and everybody after it sign in with. */
export const PASSWORD = 'another long password';
/** The most that a plan can be given: nobody is refused, and every request is counted all the same. */
const WIDEST_PLAN = {
  requestsPerMinute: 100_000,
  rowsPerRequest: 1_000,
  rowsPerDay: 1_000_000_000,
  concurrentStreams: 4,
};
const PATIENT = { cholesterol: 2.45, systolicPressure: 1.35, glucose: 1.75, age: 68, overweight: 0, smoker: 0 };

export const predictionsOf = (model) => `/v1/models/${model}/predictions`;

/** Patients who differ, so that nothing is answered from the last one. */
function patient(index) {
  return { ...PATIENT, age: 30 + (index % 60), glucose: 1 + (index % 100) / 100 };
}

/** @param {import('./processes.mjs').Server} server */
export async function windowExample(server) {
  const { paths } = await server.call('GET', '/openapi.json');
  return paths[predictionsOf(WINDOW_MODEL)]?.post.requestBody.content['application/json'].example;
}

export function bodies(windowBody) {
  return {
    row: Array.from({ length: 100 }, (_, index) => ({ input: patient(index) })),
    rows: [{ inputs: Array.from({ length: 100 }, (_, index) => patient(index)) }],
    window: [windowBody],
  };
}

/**
 * Opens the plan, registers one person in the ordinary way and many more in the database, and tries what each kind of credential does.
 * @param {import('./processes.mjs').Server} server
 * @param {number} count of people
 */
export async function populate(server, count = PEOPLE) {
  const admin = await server.signIn('admin', ADMIN_PASSWORD);
  await server.call('PUT', '/v1/plans/PREMIUM', { token: admin, body: WIDEST_PLAN });
  const { id } = await server.call('POST', '/v1/users', { body: { username: 'bench', password: PASSWORD } });
  await server.call('PUT', `/v1/users/${id}/subscription`, { token: admin, body: { plan: 'PREMIUM' } });
  const token = await server.signIn('bench', PASSWORD);
  const world = { admin, token, like: id, count: 0, ids: [], tokens: [], apiKeys: [] };
  await addTo(world, server, count);
  const last = world.tokens.length - 1;
  const credentials = [token, world.tokens[0], world.apiKeys[last], await server.signIn(`bench-${last}`, PASSWORD)];
  for (const credential of credentials)
    await server.call('POST', predictionsOf(MODEL), { token: credential, body: { input: PATIENT } });
  return world;
}

/** More people of the same kind. */
export async function addTo(world, server, count) {
  const { like, token } = world;
  const more = await addPeople(server.dataFolder, { from: world.ids.length, count, like, token });
  for (const list of ['ids', 'tokens', 'apiKeys']) world[list] = world[list].concat(more[list]);
}
