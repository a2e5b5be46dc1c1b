/**
 * The words in which the battery is written. A topic is a list of steps; a step is a request with what its answer must be, as plain data,
 * so that every writer (Postman, VS Code, JetBrains) can say it in its own tongue.
 *
 * A step may have:
 * - `as`: whose token it carries (`'ana'` is `Authorization: Bearer {{anaToken}}`);
 * - `json`, `form`, `text` (with `type`) or `parts` (multipart: a text, `{ file }` of the project or `{ name, text }`): the body;
 * - `headers`: further headers;
 * - `make`: variables made anew before it is sent, see `random` and `filler`;
 * - `expect`: the status, and checks of headers, of values of a JSON answer by path, of the answer as text;
 * - `keep`: variables taken from the answer, by path, for later steps: `{{name}}`;
 * - `times`: how often it is sent;
 * - `onlyWithScripts`: why VS Code, which runs no scripts, cannot send it.
 */

/** What a value must be, where equality is not what is meant. */
export class Check {
  constructor(kind, value) {
    this.kind = kind;
    this.value = value;
  }
}

export const above = (value) => new Check('above', value);
export const below = (value) => new Check('below', value);
export const ofType = (value) => new Check('type', value);
export const ofLength = (value) => new Check('length', value);
/** A list that has this value among others. */
export const including = (value) => new Check('including', value);
/** A list of objects, one of which has these properties. */
export const oneWith = (value) => new Check('oneWith', value);
export const present = new Check('present');
export const absent = new Check('absent');

/** What is made anew for a run. */
export class Made {
  constructor(kind, value, suffix = '') {
    this.kind = kind;
    this.value = value;
    this.suffix = suffix;
  }
}

/** Something that nobody else has, between a prefix and a suffix: names of accounts, passwords. */
export const random = (prefix = '', suffix = '') => new Made('random', prefix, suffix);
/** Four digits: a password that is too weak for /v1. */
export const randomDigits = () => new Made('digits');
/** So many characters: bodies that are too large. */
export const filler = (length) => new Made('filler', length);

function step(method) {
  return (name, path, rest) => ({ name, method, path, ...rest });
}

export const get = step('GET');
export const post = step('POST');
export const put = step('PUT');
export const patch = step('PATCH');
export const del = step('DELETE');

/**
 * @param id the file's name, in kebab case
 * @param title one line
 * @param text what it shows, for the files' heads
 * @param needs the settings a server needs for it beyond the defaults, by variable
 */
export function topic(id, title, text, steps, needs = {}) {
  return { id, title, text, needs, steps: steps.flat(Infinity) };
}

/** A refusal as the API words it: problem+json with a code. */
export function problem(status, code, { body = {}, headers = {} } = {}) {
  return {
    status,
    headers: { 'Content-Type': /^application\/problem\+json/, ...headers },
    body: { code, status, requestId: ofType('string'), ...body },
  };
}

const capital = (name) => name[0].toUpperCase() + name.slice(1);

/** Somebody new: registered and signed in. Their token is `{{<name>Token}}`, their id `{{<name>Id}}`. */
export function newcomer(name) {
  return [
    post(`Register ${capital(name)}`, '/v1/users', {
      make: { [`${name}Name`]: random(`${name}-`), [`${name}Password`]: random() },
      json: { username: `{{${name}Name}}`, password: `{{${name}Password}}` },
      expect: { status: 201, headers: { Location: /^\/v1\/users\// }, body: { role: 'user', status: 'active' } },
      keep: { [`${name}Id`]: 'id' },
    }),
    post(`Sign in as ${capital(name)}`, '/v1/auth/token', {
      json: { grant_type: 'password', username: `{{${name}Name}}`, password: `{{${name}Password}}` },
      expect: { status: 200, body: { token_type: 'Bearer', expires_in: above(0) } },
      keep: { [`${name}Token`]: 'access_token', [`${name}RefreshToken`]: 'refresh_token' },
    }),
  ];
}

/** The administrator, whose password whoever runs the battery knows: `{{adminToken}}`. */
export function administrator() {
  return post('Sign in as the administrator', '/v1/auth/token', {
    json: { grant_type: 'password', username: '{{adminName}}', password: '{{adminPassword}}' },
    expect: { status: 200, body: { token_type: 'Bearer' } },
    keep: { adminToken: 'access_token' },
  });
}

/** The administrator gives a plan. */
export function givePlan(name, plan) {
  return put(`Give ${capital(name)} the plan ${plan}`, `/v1/users/{{${name}Id}}/subscription`, {
    as: 'admin',
    json: { plan },
    expect: { status: 200, body: { plan, userId: `{{${name}Id}}` } },
  });
}

/** Somebody new whose plan admits fifty requests a minute. */
export function premiumNewcomer(name) {
  return [newcomer(name), administrator(), givePlan(name, 'PREMIUM')];
}
