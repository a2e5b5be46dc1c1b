/** The battery as a Postman collection (v2.1.0) with its environment. */
import { createHash } from 'node:crypto';
import { Check } from '../describe.mjs';
import { accessor, BOUNDARY, bodyOf, condition, headersOf, inWords, literal, multipart, settings } from './words.mjs';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const variable = (name) => `pm.environment.get(${JSON.stringify(name)})`;

/** An id that stays the same as long as the name does. */
function idOf(...names) {
  const hex = createHash('sha256').update(names.join('\0')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const MADE = {
  random: ({ value, suffix }) =>
    [JSON.stringify(value), "pm.variables.replaceIn('{{$guid}}')", JSON.stringify(suffix)]
      .filter((part) => part !== '""')
      .join(' + '),
  digits: () => 'String(Math.floor(1000 + 9000 * Math.random()))',
  filler: ({ value }) => `'x'.repeat(${value})`,
};

function beforeOf(step) {
  return Object.entries(step.make ?? {}).map(
    ([name, made]) => `pm.environment.set(${JSON.stringify(name)}, ${MADE[made.kind](made)});`,
  );
}

/** What follows `pm.expect(value)`: chai's words, which tell in a failure what there was instead. */
function assertion(check) {
  if (check instanceof RegExp) return `.to.match(${check})`;
  if (!(check instanceof Check)) return `.to.eql(${literal(check, variable)})`;
  const expected = check.value === undefined ? '' : literal(check.value, variable);
  switch (check.kind) {
    case 'above':
      return `.to.be.above(${expected})`;
    case 'below':
      return `.to.be.below(${expected})`;
    case 'type':
      return `.to.be.a(${expected})`;
    case 'length':
      return `.to.have.length(${expected})`;
    case 'including':
      return `.to.include(${expected})`;
    case 'oneWith':
      return `.to.satisfy((list) => ${condition('list', check, variable)})`;
    case 'present':
      return `.to.exist`;
    case 'absent':
      return `.to.not.exist`;
    default:
      throw new Error(`unknown check ${check.kind}`);
  }
}

function test(what, value, check) {
  return `pm.test(${JSON.stringify(inWords(what, check))}, () => pm.expect(${value})${assertion(check)});`;
}

function afterOf(step) {
  const { status, headers = {}, body = {}, text = [] } = step.expect;
  const statuses = [status].flat();
  const lines = [
    `pm.test(${JSON.stringify(`answers ${statuses.join(' or ')}`)}, () => pm.expect(pm.response.code).to.be.oneOf(${JSON.stringify(statuses)}));`,
  ];
  for (const [name, check] of Object.entries(headers))
    lines.push(test(name, `pm.response.headers.get(${JSON.stringify(name)})`, check));
  for (const check of [text].flat()) lines.push(test('the answer', 'pm.response.text()', check));
  if (Object.keys(body).length > 0 || step.keep) lines.push('const answer = pm.response.json();');
  for (const [path, check] of Object.entries(body)) lines.push(test(path || 'the answer', accessor(path), check));
  for (const [name, path] of Object.entries(step.keep ?? {}))
    lines.push(`pm.environment.set(${JSON.stringify(name)}, ${accessor(path)});`);
  if (step.times)
    lines.push(
      `const sent = Number(pm.environment.get('sent') ?? 0) + 1;`,
      `pm.environment.set('sent', sent < ${step.times} ? sent : 0);`,
      `if (sent < ${step.times}) pm.execution.setNextRequest(pm.info.requestId);`,
    );
  return lines;
}

function requestOf(step) {
  const [path, query] = step.path.split('?');
  const request = {
    method: step.method,
    header: Object.entries(headersOf(step)).map(([key, value]) => ({ key, value })),
    url: {
      raw: `{{baseUrl}}${step.path}`,
      host: ['{{baseUrl}}'],
      path: path.slice(1).split('/'),
      ...(query
        ? {
            query: query.split('&').map((pair) => {
              const [key, value] = pair.split('=');
              return { key, value };
            }),
          }
        : {}),
    },
  };
  if (step.note) request.description = step.note;
  const parts = Object.values(step.parts ?? {});
  if (parts.some(({ text }) => text !== undefined)) {
    // Postman takes files from the disk alone: one that is written here is sent as a body that is written out.
    request.header.push({ key: 'Content-Type', value: `multipart/form-data; boundary=${BOUNDARY}` });
    request.body = { mode: 'raw', raw: multipart(step.parts).join('\r\n') };
  } else if (step.parts)
    request.body = {
      mode: 'formdata',
      formdata: Object.entries(step.parts).map(([key, part]) =>
        typeof part === 'string' ? { key, type: 'text', value: part } : { key, type: 'file', src: part.file },
      ),
    };
  else if (bodyOf(step) !== undefined)
    request.body = step.form
      ? {
          mode: 'urlencoded',
          urlencoded: Object.entries(step.form).map(([key, value]) => ({ key, value, type: 'text' })),
        }
      : { mode: 'raw', raw: bodyOf(step) };
  return request;
}

function itemOf(topicId, step) {
  const before = beforeOf(step);
  return {
    id: idOf(topicId, step.name),
    name: step.name,
    event: [
      ...(before.length > 0 ? [{ listen: 'prerequest', script: { type: 'text/javascript', exec: before } }] : []),
      { listen: 'test', script: { type: 'text/javascript', exec: afterOf(step) } },
    ],
    request: requestOf(step),
    response: [],
    // A GET with a body is sent as it is: some older clients do so.
    ...(step.method === 'GET' && bodyOf(step) !== undefined
      ? { protocolProfileBehavior: { disableBodyPruning: true } }
      : {}),
  };
}

const json = (value) => `${JSON.stringify(value, null, 1)}\n`;

/** @returns {Record<string, string>} texts by file name */
export function writePostman(topics) {
  const collection = {
    info: {
      _postman_id: idOf('latido'),
      name: 'Latido',
      description:
        'Written by `npm run generate` from test/http/battery. Names and passwords of accounts are made in each run; fill in `baseUrl` and `adminPassword`. Files are named from the project’s root: make it the working directory.',
      schema: SCHEMA,
    },
    item: topics.map((topic) => ({
      id: idOf(topic.id),
      name: topic.id,
      description: [
        topic.title,
        topic.text,
        ...(Object.keys(topic.needs).length > 0 ? [`The server needs: ${settings(topic.needs)}`] : []),
      ].join('\n\n'),
      item: topic.steps.map((step) => itemOf(topic.id, step)),
    })),
  };
  const environment = {
    id: idOf('latido', 'environment'),
    name: 'Latido, this machine',
    values: [
      { key: 'baseUrl', value: 'http://localhost:3000', type: 'default', enabled: true },
      { key: 'adminName', value: 'admin', type: 'default', enabled: true },
      { key: 'adminPassword', value: '', type: 'secret', enabled: true },
    ],
    _postman_variable_scope: 'environment',
  };
  return {
    'postman/latido.postman_collection.json': json(collection),
    'postman/latido.postman_environment.json': json(environment),
  };
}
