/** What the writers have in common: checks in words and in JavaScript, paths, templates. */
import { Check } from '../describe.mjs';

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** `{{name}}`s of a text. */
export function variablesOf(text) {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
}

/** camelCase of a step's name, for request variables. */
export function requestName(name) {
  const words = name
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .split(' ');
  return words
    .map((word, index) => (index === 0 ? word.toLowerCase() : word[0].toUpperCase() + word.slice(1)))
    .join('');
}

/** `results[0].label` of `answer`; the empty path is the whole answer. A path that leads nowhere is undefined and no fault of the script. */
export function accessor(path) {
  if (path === '') return 'answer';
  const access = path.replace(/\.(\w)/g, '?.$1').replace(/\[/g, '?.[');
  return access.startsWith('?.[') ? `answer${access}` : `answer?.${access}`;
}

/** A JavaScript expression of a value; `{{name}}` in a text becomes what `variable` makes of the name. */
export function literal(value, variable) {
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, variable)).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).map(
      ([key, one]) => `${IDENTIFIER.test(key) ? key : JSON.stringify(key)}: ${literal(one, variable)}`,
    );
    return `{ ${pairs.join(', ')} }`;
  }
  if (typeof value !== 'string' || variablesOf(value).length === 0) return JSON.stringify(value);
  const parts = value.split(/(\{\{\w+\}\})/).filter((part) => part !== '');
  return parts
    .map((part) => (/^\{\{\w+\}\}$/.test(part) ? variable(part.slice(2, -2)) : JSON.stringify(part)))
    .join(' + ');
}

/** What is asked of a value, in words. */
export function inWords(what, check) {
  if (check instanceof RegExp) return `${what} matches ${check}`;
  if (!(check instanceof Check)) return `${what} is ${JSON.stringify(check)}`;
  switch (check.kind) {
    case 'above':
      return `${what} is above ${check.value}`;
    case 'below':
      return `${what} is below ${check.value}`;
    case 'type':
      return `${what} is a ${check.value}`;
    case 'length':
      return `${what} has the length ${check.value}`;
    case 'including':
      return `${what} has ${JSON.stringify(check.value)}`;
    case 'oneWith':
      return `${what} has one with ${literal(check.value, (name) => name)}`;
    case 'present':
      return `${what} is there`;
    case 'absent':
      return `${what} is not there`;
    default:
      throw new Error(`unknown check ${check.kind}`);
  }
}

/** The same as a condition in JavaScript; `value` is the expression that is checked. */
export function condition(value, check, variable) {
  if (check instanceof RegExp) return `${check}.test(${value})`;
  if (!(check instanceof Check)) {
    const expected = literal(check, variable);
    return check !== null && typeof check === 'object'
      ? `JSON.stringify(${value}) === JSON.stringify(${expected})`
      : `${value} === ${expected}`;
  }
  const expected = check.value === undefined ? '' : literal(check.value, variable);
  switch (check.kind) {
    case 'above':
      return `${value} > ${expected}`;
    case 'below':
      return `${value} < ${expected}`;
    case 'type':
      return `typeof ${value} === ${expected}`;
    case 'length':
      return `${value}.length === ${expected}`;
    case 'including':
      return `${value}.includes(${expected})`;
    case 'oneWith': {
      const tests = Object.entries(check.value).map(([key, one]) =>
        condition(IDENTIFIER.test(key) ? `one.${key}` : `one[${JSON.stringify(key)}]`, one, variable),
      );
      return `${value}.some((one) => ${tests.join(' && ')})`;
    }
    case 'present':
      return `${value} !== undefined && ${value} !== null`;
    case 'absent':
      return `${value} === undefined || ${value} === null`;
    default:
      throw new Error(`unknown check ${check.kind}`);
  }
}

/** Headers of a step, its token and its media type included. */
export function headersOf(step) {
  const headers = { ...step.headers };
  if (step.as) headers.Authorization = `Bearer {{${step.as}Token}}`;
  if (step.json !== undefined) headers['Content-Type'] ??= 'application/json';
  if (step.form) headers['Content-Type'] ??= 'application/x-www-form-urlencoded';
  if (step.type) headers['Content-Type'] = step.type;
  return headers;
}

const LINE = 130;

/** JSON for readers: what is short stands on one line. */
function pretty(value, indent = '') {
  const short = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  if (short.length + indent.length <= LINE || value === null || typeof value !== 'object') return short;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((one) => inner + pretty(one, inner))
    : Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .map(([key, one]) => `${inner}${JSON.stringify(key)}: ${pretty(one, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

/** The body of a step as it is sent, but for multipart. */
export function bodyOf(step) {
  if (step.json !== undefined) return pretty(step.json);
  if (step.form)
    return Object.entries(step.form)
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
  return step.text;
}

export const BOUNDARY = 'latido-battery';

/** The lines of a multipart body; `contentOf` says what stands for a file of the project. */
export function multipart(parts, contentOf) {
  const lines = [];
  for (const [name, part] of Object.entries(parts)) {
    const disposition = `Content-Disposition: form-data; name="${name}"`;
    lines.push(`--${BOUNDARY}`);
    if (typeof part === 'string') lines.push(disposition, '', part);
    else {
      const content = part.file ? [contentOf(part.file)] : part.text.split('\n');
      const fileName = part.file ? part.file.split('/').pop() : part.name;
      lines.push(`${disposition}; filename="${fileName}"`, 'Content-Type: application/octet-stream', '', ...content);
    }
  }
  return [...lines, `--${BOUNDARY}--`];
}

/** `NAME=value, …` */
export function settings(needs) {
  return Object.entries(needs)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
