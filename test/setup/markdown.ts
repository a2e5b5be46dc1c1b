/** What a page of Markdown refers to and what may refer to it, as GitHub reads it. For the tests of the documentation. */

export interface Link {
  readonly target: string;
  readonly line: number;
  readonly image: boolean;
}

export interface Diagram {
  readonly text: string;
  readonly line: number;
}

export interface Page {
  readonly links: readonly Link[];
  readonly anchors: ReadonlySet<string>;
  readonly diagrams: readonly Diagram[];
  /** Where a fence of code begins that nothing ends. */
  readonly openFence: number | undefined;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*(\S*)/;
const HEADING = /^ {0,3}#{1,6}\s+(.+?)\s*#*$/;
/** `[text](target "title")`; a text may hold an image, and a target brackets in pairs. */
const LINK = /(!?)\[(?:[^[\]]|\[[^\]]*\](?:\([^)]*\))?)*\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+"[^"]*")?\s*\)/g;

/** A heading's anchor on GitHub; without the number that sets apart those of the same words. */
export function slug(heading: string): string {
  const text = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
}

export function readPage(markdown: string): Page {
  const links: Link[] = [];
  const anchors = new Set<string>();
  const diagrams: Diagram[] = [];
  const seen = new Map<string, number>();
  let fence: { readonly mark: string; readonly language: string; readonly line: number; body: string[] } | undefined;
  for (const [index, text] of markdown.split(/\r?\n/).entries()) {
    const line = index + 1;
    const mark = FENCE.exec(text);
    if (fence) {
      if (mark?.[1]!.startsWith(fence.mark) && !mark[2]) {
        if (fence.language === 'mermaid') diagrams.push({ text: fence.body.join('\n'), line: fence.line });
        fence = undefined;
      } else fence.body.push(text);
      continue;
    }
    if (mark) {
      fence = { mark: mark[1]!, language: mark[2]!, line, body: [] };
      continue;
    }
    const heading = HEADING.exec(text)?.[1];
    if (heading !== undefined) {
      const base = slug(heading);
      const before = seen.get(base) ?? 0;
      seen.set(base, before + 1);
      anchors.add(before === 0 ? base : `${base}-${before}`);
    }
    links.push(...linksOf(text.replaceAll(/(`+)(?:(?!\1).)+\1/g, ''), line));
  }
  return { links, anchors, diagrams, openFence: fence?.line };
}

/** Those of a line without its code; a picture that is a link's text counts as well. */
function linksOf(text: string, line: number): Link[] {
  return [...text.matchAll(LINK)].flatMap((found) => {
    const inner = found[0].slice(found[1]!.length + 1, found[0].lastIndexOf(']('));
    return [{ target: found[2]!, line, image: found[1] === '!' }, ...linksOf(inner, line)];
  });
}

const DIAGRAM_TYPES = [
  'flowchart',
  'graph',
  'sequenceDiagram',
  'erDiagram',
  'classDiagram',
  'stateDiagram-v2',
  'gantt',
];
const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
/** `||--o{` and its kin: the braces are crow's feet. */
const CARDINALITY = /[|}][|o](?:--|\.\.)[|o][|{]/g;

/** What is wrong with a diagram in Mermaid, as far as counting tells; undefined where nothing is. */
export function diagramFault(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => !line.trim().startsWith('%%'));
  const type =
    lines
      .find((line) => line.trim() !== '')
      ?.trim()
      .split(/\s/)[0] ?? '';
  if (!DIAGRAM_TYPES.includes(type)) return `begins with '${type}', which is no type of diagram`;
  const open: string[] = [];
  for (const [index, line] of lines.entries()) {
    const bare = line.replaceAll(CARDINALITY, '').replaceAll(/"[^"]*"/g, '');
    if (bare.includes('"')) return `line ${index + 1}: a quotation mark is left open`;
    for (const character of bare) {
      if ('([{'.includes(character)) open.push(character);
      else if (character in PAIRS && open.pop() !== PAIRS[character])
        return `line ${index + 1}: '${character}' closes what is not open`;
    }
    // Only the entities of an erDiagram and the classes of a classDiagram go over several lines.
    if (open.some((character) => character !== '{')) return `line ${index + 1}: '${open.at(-1)}' is left open`;
  }
  const inBlocks = lines.filter((line) => /^\s*(subgraph|alt|loop|opt|par|critical|box|rect)\b/.test(line)).length;
  const ends = lines.filter((line) => /^\s*end\s*$/.test(line)).length;
  if (inBlocks !== ends) return `${inBlocks} blocks begin and ${ends} end`;
  return open.length > 0 ? `'${open.at(-1)}' is left open` : undefined;
}

/** Of an erDiagram all attributes, as `entity.attribute type`. */
export function entitiesOf(text: string): string[] {
  if (!text.trimStart().startsWith('erDiagram')) return [];
  return [...text.matchAll(/^\s*(\w+) \{\n([^}]*)\}/gm)].flatMap(([, entity, body]) =>
    [...body!.matchAll(/^\s*(\w+) (\w+)/gm)].map(([, type, attribute]) => `${entity}.${attribute} ${type}`),
  );
}
