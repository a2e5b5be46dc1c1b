import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parseInline, parseMarkdown, type Block } from './markdown';

const text = (words: string) => ({ kind: 'text', text: words });

describe('blocks of a card', () => {
  it('reads headings, paragraphs over several lines, rules and quotes', () => {
    expect(parseMarkdown('# A card\n\nOne line\nand its other.\n\n---\n> **Not** for clinical use.\n')).toEqual([
      { kind: 'heading', level: 1, content: [text('A card')] },
      { kind: 'paragraph', content: [text('One line and its other.')] },
      { kind: 'rule' },
      {
        kind: 'quote',
        blocks: [
          {
            kind: 'paragraph',
            content: [{ kind: 'strong', content: [text('Not')] }, text(' for clinical use.')],
          },
        ],
      },
    ]);
  });

  it('reads a table with its alignment, escaped bars, and cells that are missing', () => {
    expect(parseMarkdown('| Name | Value |\n| --- | ---: |\n| a \\| b | 1 |\n| c |')).toEqual([
      {
        kind: 'table',
        align: ['start', 'end'],
        head: [[text('Name')], [text('Value')]],
        rows: [
          [[text('a | b')], [text('1')]],
          [[text('c')], []],
        ],
      },
    ]);
  });

  it('reads lists, numbered ones from their first number, and lists within them', () => {
    const [bullets, numbers] = parseMarkdown('- one\n  goes on\n  - inner\n- two\n\n3. three\n4. four') as [
      Extract<Block, { kind: 'list' }>,
      Extract<Block, { kind: 'list' }>,
    ];
    expect(bullets.items.map(({ content }) => content)).toEqual([[text('one goes on')], [text('two')]]);
    expect(bullets.items[0]!.children).toMatchObject([{ kind: 'list', items: [{ content: [text('inner')] }] }]);
    expect(numbers).toMatchObject({ ordered: true, start: 3, items: [{}, {}] });
  });

  it('keeps code as it stands', () => {
    expect(parseMarkdown('```sh\n# no heading\n**x**\n```\nafter')).toEqual([
      { kind: 'code', text: '# no heading\n**x**' },
      { kind: 'paragraph', content: [text('after')] },
    ]);
  });
});

describe('what stands within a line', () => {
  it('reads strong, emphasis, code, links and escapes', () => {
    expect(parseInline('**a *b*** `c_d_e` [site](https://example.org/x) \\*no\\* snake_case_name')).toEqual([
      { kind: 'strong', content: [text('a '), { kind: 'emphasis', content: [text('b')] }] },
      text(' '),
      { kind: 'code', text: 'c_d_e' },
      text(' '),
      { kind: 'link', href: 'https://example.org/x', content: [text('site')] },
      text(' *no* snake_case_name'),
    ]);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](javascript:alert)',
    '[x](data:text/html,hi)',
    '[x](../../v1/me)',
    '<b>x</b>',
  ])('leaves %s as text', (source) => {
    expect(parseInline(source)).toEqual([text(source)]);
  });

  it('tells of a picture by its description', () => {
    expect(parseInline('![ROC curves](curves.png)')).toEqual([{ kind: 'figure', text: 'ROC curves' }]);
  });
});

const MODELS = new URL('../../../../models/', import.meta.url);

describe('the shipped cards', () => {
  const cards = readdirSync(MODELS, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('card.md'));

  it.each(cards)('%s is read without a mark left over', (path) => {
    const left = textsOf(parseMarkdown(readFileSync(new URL(path, MODELS), 'utf8')));
    expect(left.length).toBeGreaterThan(20);
    for (const words of left) expect(words).not.toMatch(/^#|\*\*|^\||\]\(/);
  });
});

it('ends whatever is written, and loses no letter', () => {
  const marks = fc.constantFrom(
    '#',
    '*',
    '_',
    '`',
    '|',
    '-',
    '>',
    '[',
    ']',
    '(',
    ')',
    '!',
    '\\',
    '\n',
    ' ',
    '1.',
    'a',
    'b',
  );
  fc.assert(
    fc.property(fc.array(marks, { maxLength: 60 }), (parts) => {
      const source = parts.join('');
      const letters = (words: string): number => words.replaceAll(/[^ab]/g, '').length;
      // Of a link the address is no text, and a fence may have words behind it.
      fc.pre(!source.includes('](') && !/`{3}/.test(source));
      expect(letters(textsOf(parseMarkdown(source)).join(''))).toBe(letters(source));
    }),
  );
});

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key !== 'text') return textsOf(inner);
    // Code may hold any mark.
    return 'kind' in value && value.kind === 'code' ? [String(inner).replaceAll(/[^ab]/g, '')] : [String(inner)];
  });
}
