/**
 * How deep JSON nests, found before it is parsed: `JSON.parse` needs up to a second for each megabyte of brackets, in which nothing
 * else is answered.
 */
import type { DomainError } from '../errors.js';
import { invalidRequest } from './validation.js';

/** Deeper than any body that a route reads. */
const MOST_LEVELS = 100;
/** What is shorter is parsed sooner than anybody notices, whatever it holds. */
const LOOKED_INTO_FROM = 65_536;

const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}');

/** Whether a long text nests deeper than anything that is read; brackets within strings are none. Short ones are not looked into. */
export function isTooDeepToParse(json: string): boolean {
  const { length } = json;
  if (length < LOOKED_INTO_FROM) return false;
  let depth = 0;
  for (let at = 0; at < length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth += 1;
      if (depth > MOST_LEVELS) return true;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth -= 1;
    else if (code === QUOTE) at = endOfString(json, at + 1);
  }
  return false;
}

/** Where the string's closing quote is; behind the text where there is none. */
function endOfString(json: string, from: number): number {
  let at = from;
  for (; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) break;
    if (code === BACKSLASH) at += 1;
  }
  return at;
}

/** What is answered in its place. */
export function tooDeep(): DomainError {
  return invalidRequest([{ pointer: '', detail: 'is nested too deeply' }]);
}
