/** The documentation leads nowhere that is not there: every link, anchor and picture of every page; and its diagrams are whole. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { ownDatabase } from './setup/database.js';
import { diagramFault, entitiesOf, readPage, slug, type Link, type Page } from './setup/markdown.js';

const ROOT = resolve(import.meta.dirname, '..');
const LARGEST_PICTURE_BYTES = 250_000;
const ELSEWHERE = /^[a-z][a-z+.-]*:/i;

const inFolder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.split(/[\\/]/).includes('node_modules'))
    .map((name) => join(folder, name));

const files = [
  'README.md',
  'training/README.md',
  ...['clients', 'docs', 'docker', 'libs', 'models', 'test'].flatMap(inFolder),
];

const pages = new Map<string, Page>();
const pageOf = (file: string): Page => {
  const page = pages.get(file) ?? readPage(readFileSync(file, 'utf8'));
  pages.set(file, page);
  return page;
};

/** Undefined where the link leads somewhere. */
function linkFault(from: string, { target, image }: Link): string | undefined {
  if (ELSEWHERE.test(target)) return image ? 'is a picture from elsewhere' : undefined;
  const [path = '', anchor] = target.split('#').map(decodeURIComponent) as [string, string?];
  const file = path === '' ? from : resolve(dirname(from), path);
  if (relative(ROOT, file).startsWith('..')) return 'leads out of the project';
  if (!existsSync(file)) return 'leads to what is not there';
  if (image) {
    const { size } = statSync(file);
    return size > LARGEST_PICTURE_BYTES ? `is a picture of ${size} bytes` : undefined;
  }
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  return pageOf(file).anchors.has(anchor) ? undefined : 'names no heading of that page';
}

describe('the documentation', () => {
  it('is found', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files).toEqual(expect.arrayContaining(['docs/design.md', 'docs/training.md', 'docs/adr/README.md']));
  });

  it.each(files)('%s leads to what is there', (file) => {
    const path = join(ROOT, file);
    const { links, openFence } = pageOf(path);
    const faults = links.flatMap((link) => {
      const fault = linkFault(path, link);
      return fault === undefined ? [] : [`${file}:${link.line}: ${link.target} ${fault}`];
    });
    if (openFence !== undefined) faults.push(`${file}:${openFence}: code begins and does not end`);
    expect(faults).toEqual([]);
  });

  it.each(files.filter((file) => pageOf(join(ROOT, file)).diagrams.length > 0))('%s has whole diagrams', (file) => {
    for (const { text, line } of pageOf(join(ROOT, file)).diagrams)
      expect(diagramFault(text), `${file}:${line}`).toBeUndefined();
  });

  it('names every decision in the list of decisions, and in the design report', () => {
    const decisions = readdirSync(join(ROOT, 'docs/adr')).filter((name) => name !== 'README.md');
    const listed = (page: string, folder: string): string[] =>
      pageOf(join(ROOT, page)).links.flatMap(({ target }) =>
        target.startsWith(folder) && /\d{4}-/.test(target) ? [target.slice(folder.length)] : [],
      );
    expect(listed('docs/adr/README.md', '')).toEqual(decisions.sort());
    expect(new Set(listed('docs/design.md', 'adr/'))).toEqual(new Set(decisions));
  });
});

const database = await ownDatabase();

/** `table.column type`, as the diagrams name types: in one word, arrays with their element's. */
async function columnsOfSchema(): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ text: string }>(`
    SELECT format('%s.%s %s', table_name, column_name,
             replace(CASE data_type
               WHEN 'ARRAY' THEN substr(udt_name, 2) || '_array'
               WHEN 'timestamp with time zone' THEN 'timestamptz'
               ELSE data_type END, ' ', '_')) AS text
      FROM information_schema.columns WHERE table_schema = 'public'`);
  await client.end();
  return new Set(rows.map(({ text }) => text));
}

describe('the design report', () => {
  it('draws tables and columns that there are', async () => {
    const drawn = pageOf(join(ROOT, 'docs/design.md')).diagrams.flatMap(({ text }) => entitiesOf(text));
    expect(drawn.length).toBeGreaterThan(80);
    const columns = await columnsOfSchema();
    expect(drawn.filter((column) => !columns.has(column))).toEqual([]);
  });
});

describe('a page of Markdown', () => {
  it('has links outside of code, also around pictures, and pictures', () => {
    const { links } = readPage(
      'see [a [b](c)](d.md#e), ![p](p.png "t") `[no](x)`\n```sh\n[no](y)\n```\n[![p](q.png)](z.md)',
    );
    expect(links.map(({ target, image, line }) => [target, image, line])).toEqual([
      ['d.md#e', false, 1],
      ['c', false, 1],
      ['p.png', true, 1],
      ['z.md', false, 5],
      ['q.png', true, 5],
    ]);
  });

  it('has the anchors that GitHub gives its headings', () => {
    expect(slug('6 Do training and serving agree?')).toBe('6-do-training-and-serving-agree');
    expect(slug('The `latido` command, *and* [more](x.md)')).toBe('the-latido-command-and-more');
    const { anchors } = readPage('# Same\n## Same\n```\n# not a heading\n```\n');
    expect([...anchors]).toEqual(['same', 'same-1']);
  });

  it('says where code does not end', () => {
    expect(readPage('text\n```sh\nls').openFence).toBe(2);
  });
});

describe('a diagram', () => {
  it.each([
    ['flowchart LR\n  a([client]) -->|"a (b"| b[(Postgres)]'],
    ['erDiagram\n  a ||--o{ b : "has {"\n  a {\n    uuid id PK\n  }\n  b }o..|| c : of'],
    ['sequenceDiagram\n  alt yes\n    A->>B: x\n  end'],
  ])('is whole: %j', (text) => expect(diagramFault(text)).toBeUndefined());

  it.each([
    ['flowchat LR\n  a --> b', /no type/],
    ['flowchart LR\n  a[one --> b', /left open/],
    ['flowchart LR\n  a[(one)) --> b', /closes what is not open/],
    ['flowchart LR\n  a -->|"one| b', /quotation mark/],
    ['flowchart LR\n  subgraph s\n  a', /1 blocks begin and 0 end/],
    ['erDiagram\n  a {\n    uuid id', /left open/],
  ])('is not: %j', (text, fault) => expect(diagramFault(text)).toMatch(fault));
});
