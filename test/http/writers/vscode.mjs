/**
 * The battery for VS Code's REST Client, which runs no scripts: later requests read what an earlier one sent or was answered
 * (`{{signIn.response.body.$.access_token}}`), and what an answer must be stands above the request in words.
 */
import { headLines, requestLines } from './http-file.mjs';
import { inWords, requestName } from './words.mjs';

const MADE = {
  random: ({ value, suffix }) => `${value}{{$guid}}${suffix}`,
  digits: () => '{{$randomInt 1000 9999}}',
};

/** Where a made variable stands in its own request's JSON body, as JSONPath. */
function placeOf(step, name) {
  const found = Object.entries(step.json ?? {}).find(([, value]) => value === `{{${name}}}`);
  if (!found)
    throw new Error(`${step.name}: {{${name}}} must stand as a member of the JSON body, for VS Code to find it`);
  return `$.${found[0]}`;
}

/** `@name = …` lines of what is made and kept by a step. */
function definitionsOf(step) {
  const name = requestName(step.name);
  const made = Object.entries(step.make ?? {})
    .filter(([, { kind }]) => kind in MADE)
    .map(([key]) => `@${key} = {{${name}.request.body.${placeOf(step, key)}}}`);
  const kept = Object.entries(step.keep ?? {}).map(
    ([key, path]) => `@${key} = {{${name}.response.body.$${path.startsWith('[') ? '' : '.'}${path}}}`,
  );
  return [...made, ...kept];
}

/** In its own request a made value is made; elsewhere it is read. */
function madeInPlace(step) {
  const names = Object.entries(step.make ?? {});
  if (names.length === 0) return step;
  const replaced = (value) => {
    const found = names.find(([name]) => value === `{{${name}}}`);
    return found ? MADE[found[1].kind](found[1]) : value;
  };
  return {
    ...step,
    json: Object.fromEntries(Object.entries(step.json ?? {}).map(([key, value]) => [key, replaced(value)])),
  };
}

function expectations({ status, headers = {}, body = {}, text = [] }) {
  return [
    `# answers ${[status].flat().join(' or ')}`,
    ...Object.entries(headers).map(([name, check]) => `# - ${inWords(name, check)}`),
    ...[text].flat().map((check) => `# - ${inWords('the answer', check)}`),
    ...Object.entries(body).map(([path, check]) => `# - ${inWords(path || 'the answer', check)}`),
  ];
}

function blockOf(step) {
  if (step.onlyWithScripts) return [`# ${step.name}: not here, ${step.onlyWithScripts}`, ''];
  const needsName = definitionsOf(step).length > 0;
  const asksPassword = JSON.stringify(step).includes('{{adminPassword}}');
  return [
    `### ${step.name}`,
    ...(step.note ? step.note.split('\n').map((line) => `# ${line}`) : []),
    ...(step.times ? [`# send this ${step.times} times`] : []),
    ...expectations(step.expect),
    ...(needsName ? [`# @name ${requestName(step.name)}`] : []),
    ...(asksPassword ? ['# @prompt adminPassword'] : []),
    ...requestLines(madeInPlace(step), '../../../'),
    '',
  ];
}

/** @returns {Record<string, string>} texts by file name */
export function writeVsCode(topics) {
  const files = topics.map((topic) => {
    const definitions = topic.steps.filter((step) => !step.onlyWithScripts).flatMap(definitionsOf);
    // One that is kept twice is the later one's.
    const byName = new Map(definitions.map((line) => [line.split(' ')[0], line]));
    const head = headLines(topic, ['Send the requests one after the other: later ones read answers of earlier ones.']);
    return [
      `vscode/${topic.id}.http`,
      `${[
        ...head,
        '',
        '@baseUrl = http://localhost:3000',
        '@adminName = admin',
        ...byName.values(),
        '',
        ...topic.steps.flatMap(blockOf),
      ]
        .join('\n')
        .trimEnd()}\n`,
    ];
  });
  return Object.fromEntries(files);
}
