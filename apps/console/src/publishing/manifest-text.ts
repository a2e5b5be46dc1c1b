/**
 * A manifest as the YAML that is sent. The text is the one truth: the form reads from it and writes into it, so that comments and the order
 * of what somebody wrote stay.
 */
import { isCollection, isMap, isNode, LineCounter, parseDocument, stringify } from 'yaml';
import { pathOf, type Path } from './pointers';

const LINE_WIDTH = 120;

export type ManifestReading =
  | { readonly manifest: object; readonly fault?: undefined }
  | { readonly manifest?: undefined; readonly fault: TextFault };

export interface TextFault {
  /** From 1. */
  readonly line: number;
  /** As the parser says it, in English; undefined: it is YAML, but no list of names and values. */
  readonly detail?: string;
}

export function readManifest(text: string): ManifestReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) return { fault: { line: lines.linePos(error.pos[0]).line, detail: error.message } };
  if (!isMap(document.contents)) return { fault: { line: 1 } };
  try {
    return { manifest: document.toJS() as object };
  } catch (unresolvable) {
    // An alias of nothing, or too many of them.
    return { fault: { line: 1, detail: (unresolvable as Error).message } };
  }
}

export function manifestText(manifest: object): string {
  return stringify(manifest, { lineWidth: LINE_WIDTH });
}

/**
 * The text with another value at the place. Without one the place is removed, and what held nothing else.
 * @param text that can be read
 */
export function withValue(text: string, path: Path, value: string | number | boolean | undefined): string {
  const document = parseDocument(text);
  if (value !== undefined) document.setIn(path, value);
  else {
    for (let length = path.length; length > 0; length--) {
      const place = path.slice(0, length);
      const found = document.getIn(place, true);
      const isEmpty = isMap(found) && found.items.length === 0;
      // At the top, and in a list, what is empty means something.
      const mayGo = length > 1 && typeof path[length - 1] === 'string';
      if (length < path.length && !(isEmpty && mayGo)) break;
      if (document.hasIn(place)) document.deleteIn(place);
    }
  }
  return document.toString({ lineWidth: LINE_WIDTH });
}

/** On which line a place begins, or the nearest that contains it. */
export function lineOf(text: string, pointer: string): number {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const path = pathOf(pointer);
  for (let length = path.length; length > 0; length--) {
    const place = path.slice(0, length);
    const parent: unknown = document.getIn(place.slice(0, -1), true);
    if (!isCollection(parent) || !parent.has(place.at(-1))) continue;
    const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === String(place.at(-1))) : undefined;
    const node: unknown = pair ? pair.key : document.getIn(place, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
