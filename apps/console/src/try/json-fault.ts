/** Where a text stops being JSON: what browsers say of it differs, and some say no place at all. */

export interface Place {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

const SPACE = /[ \t\r\n]*/y;
const SCALAR =
  // Control characters may not stand in a string as they are.
  // eslint-disable-next-line no-control-regex
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Index of the first character at which the text can no longer be JSON; undefined where it is JSON (RFC 8259). */
export function jsonFaultAt(text: string): number | undefined {
  const within: ('[' | '{')[] = [];
  // What may come next; of a list or an object that has just begun, its end as well.
  let next: 'value' | 'first' | 'key' | 'colon' | 'more' = 'value';
  for (let at = 0; ;) {
    at += matchAt(SPACE, text, at)!.length;
    const [inside, character] = [within.at(-1), text[at]];
    if (next === 'more' && inside === undefined) return at === text.length ? undefined : at;
    const ends = character === (inside === '[' ? ']' : '}') && inside !== undefined;
    if (ends && (next === 'first' || next === 'more')) {
      within.pop();
      next = 'more';
      at += 1;
    } else if (next === 'more') {
      if (character !== ',') return at;
      next = inside === '{' ? 'key' : 'value';
      at += 1;
    } else if (next === 'colon') {
      if (character !== ':') return at;
      next = 'value';
      at += 1;
    } else if (next === 'key' || (next === 'first' && inside === '{')) {
      const key = character === '"' ? matchAt(SCALAR, text, at) : undefined;
      if (key === undefined) return at;
      next = 'colon';
      at += key.length;
    } else if (character === '[' || character === '{') {
      within.push(character);
      next = 'first';
      at += 1;
    } else {
      const scalar = matchAt(SCALAR, text, at);
      if (scalar === undefined) return at;
      next = 'more';
      at += scalar.length;
    }
  }
}

export function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
