/**
 * Markdown of a model card as data, to be shown by React elements: what a publisher writes never becomes HTML. Read are headings,
 * paragraphs, quotes, lists, tables and code, and in them strong, emphasis, code and links (CommonMark and the tables of GitHub's,
 * without the rarer forms); what else there is stays as the text that it is.
 */

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly content: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly content: readonly Inline[] }
  /** A picture beside the card, which is not served: its description. */
  | { readonly kind: 'figure'; readonly text: string };

export type Align = 'start' | 'center' | 'end';

export interface ListItem {
  readonly content: readonly Inline[];
  readonly children: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly ListItem[] }
  | {
      readonly kind: 'table';
      readonly align: readonly Align[];
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'rule' };

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
const TABLE_RULE = /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
/** Quotes and lists in one another: deeper ones stay text, so that no card exhausts the stack. */
const DEEPEST = 8;

export function parseMarkdown(source: string, depth = 0): Block[] {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at]!.trim() === '') {
      at += 1;
      continue;
    }
    const [block, next] = readBlock(lines, at, depth);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The block that begins at a line that is not empty, and the line behind it. */
function readBlock(lines: readonly string[], at: number, depth: number): [Block, number] {
  const line = lines[at]!;
  const fence = FENCE.exec(line)?.[1];
  if (fence !== undefined) return readFence(lines, at, fence);
  const heading = HEADING.exec(line);
  if (heading) return [{ kind: 'heading', level: heading[1]!.length, content: parseInline(heading[2]!) }, at + 1];
  if (RULE.test(line)) return [{ kind: 'rule' }, at + 1];
  if (depth < DEEPEST && QUOTE.test(line)) return readQuote(lines, at, depth);
  if (depth < DEEPEST && ITEM.test(line)) return readList(lines, at, depth);
  if (beginsTable(lines, at)) return readTable(lines, at);
  return readParagraph(lines, at, depth);
}

function readFence(lines: readonly string[], at: number, fence: string): [Block, number] {
  const isEnd = (line: string): boolean =>
    line.trim().startsWith(fence) && line.trim().replaceAll(fence[0]!, '') === '';
  let end = at + 1;
  while (end < lines.length && !isEnd(lines[end]!)) end += 1;
  return [{ kind: 'code', text: lines.slice(at + 1, end).join('\n') }, end + 1];
}

function readQuote(lines: readonly string[], at: number, depth: number): [Block, number] {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end]!)) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
  return [{ kind: 'quote', blocks: parseMarkdown(inner.join('\n'), depth + 1) }, end];
}

function readList(lines: readonly string[], at: number, depth: number): [Block, number] {
  const [, indent, bullet, number] = ITEM.exec(lines[at]!)!;
  const ordered = bullet === undefined;
  const items: ListItem[] = [];
  let next = at;
  while (next < lines.length) {
    const item = ITEM.exec(lines[next]!);
    if (!item || item[1]!.length !== indent!.length || (item[2] === undefined) !== ordered) break;
    let end = next + 1;
    // What belongs to the item: deeper lines, and the lines that go on with its paragraph.
    while (end < lines.length && belongsToItem(lines, end, indent!.length)) end += 1;
    items.push(readItem(item[4]!, lines.slice(next + 1, end), depth));
    next = end;
  }
  return [{ kind: 'list', ordered, start: Number(number ?? 1), items }, next];
}

function belongsToItem(lines: readonly string[], at: number, indent: number): boolean {
  const line = lines[at]!;
  if (line.trim() === '') return indentOf(lines[at + 1]) > indent;
  if (indentOf(line) > indent) return true;
  return lines[at - 1]!.trim() !== '' && !beginsBlock(line);
}

function indentOf(line: string | undefined): number {
  return line === undefined || line.trim() === '' ? -1 : line.length - line.trimStart().length;
}

function readItem(first: string, rest: readonly string[], depth: number): ListItem {
  const own = rest.findIndex((line) => line.trim() === '' || beginsBlock(line));
  const paragraph = own === -1 ? rest : rest.slice(0, own);
  const deeper = own === -1 ? [] : rest.slice(own);
  const least = Math.min(...deeper.map(indentOf).filter((indent) => indent >= 0));
  const children = deeper.map((line) => line.slice(Math.min(least, Math.max(0, indentOf(line))))).join('\n');
  return {
    content: parseInline([first, ...paragraph.map((line) => line.trim())].join(' ')),
    children: parseMarkdown(children, depth + 1),
  };
}

function beginsBlock(line: string): boolean {
  return [FENCE, HEADING, RULE, QUOTE, ITEM].some((form) => form.test(line));
}

function beginsTable(lines: readonly string[], at: number): boolean {
  const rule = lines[at + 1];
  return rule !== undefined && lines[at]!.includes('|') && rule.includes('|') && TABLE_RULE.test(rule);
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function readTable(lines: readonly string[], at: number): [Block, number] {
  const head = cellsOf(lines[at]!);
  const rules = cellsOf(lines[at + 1]!);
  const align = head.map((_, column): Align => {
    const rule = rules[column] ?? '';
    if (!rule.endsWith(':')) return 'start';
    return rule.startsWith(':') ? 'center' : 'end';
  });
  let end = at + 2;
  while (end < lines.length && lines[end]!.trim() !== '' && lines[end]!.includes('|')) end += 1;
  const rows = lines.slice(at + 2, end).map((line) => {
    const cells = cellsOf(line);
    return head.map((_, column) => parseInline(cells[column] ?? ''));
  });
  return [{ kind: 'table', align, head: head.map(parseInline), rows }, end];
}

function readParagraph(lines: readonly string[], at: number, depth: number): [Block, number] {
  let end = at + 1;
  const goesOn = (): boolean =>
    lines[end]!.trim() !== '' && (depth >= DEEPEST || !beginsBlock(lines[end]!)) && !beginsTable(lines, end);
  while (end < lines.length && goesOn()) end += 1;
  const text = lines.slice(at, end).map((line) => line.trim());
  return [{ kind: 'paragraph', content: parseInline(text.join(' ')) }, end];
}

/** Forms within a line, the first that fits at a place wins. Their insides are bounded, so that none is tried for long. */
const INLINE =
  /\\([!-/:-@[-`{-~])|(`+)(?!`)(.{1,2000}?)(?<!`)\2(?!`)|!\[([^\]]{0,500})\]\([^()\s]{0,2000}\)|\[([^[\]]{1,500})\]\(([^()\s]{1,2000})\)|\*\*(?=\S)(.{1,2000}?\S)\*\*(?!\*)|(?<![\w*])([*_])(?=\S)((?:(?!\8).){1,1000}?)(?<=\S)\8(?!\w)|<(https?:\/\/[^<>\s]{1,2000})>/g;

export function parseInline(text: string): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  let end = 0;
  const flush = (): void => {
    if (plain !== '') found.push({ kind: 'text', text: plain });
    plain = '';
  };
  for (const match of text.matchAll(INLINE)) {
    plain += text.slice(end, match.index);
    end = match.index + match[0].length;
    const inline = inlineOf(match);
    if (typeof inline === 'string') plain += inline;
    else {
      flush();
      found.push(inline);
    }
  }
  plain += text.slice(end);
  flush();
  return found;
}

function inlineOf(match: RegExpExecArray): Inline | string {
  const [whole, escaped, , code, figure, label, href, strong, , emphasis, address] = match;
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return { kind: 'code', text: code.trim() };
  if (figure !== undefined) return { kind: 'figure', text: figure };
  if (strong !== undefined) return { kind: 'strong', content: parseInline(strong) };
  if (emphasis !== undefined) return { kind: 'emphasis', content: parseInline(emphasis) };
  if (address !== undefined) return { kind: 'link', href: address, content: [{ kind: 'text', text: address }] };
  // Anything but the web's own addresses (`javascript:`, `data:`, a file beside the card) leads nowhere good from here.
  return /^https?:\/\//i.test(href!) ? { kind: 'link', href: href!, content: parseInline(label!) } : whole;
}
