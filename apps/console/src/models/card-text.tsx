/** A model card's Markdown as React elements: no HTML of the publisher's gets into the page. */
import { Anchor, Box, Code, ScrollArea, Table, Text, Title, type TitleOrder } from '@mantine/core';
import { Fragment, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ScrollingTable } from '../parts/scrolling-table';
import classes from './card-text.module.css';
import { parseMarkdown, type Block, type Inline } from './markdown';
import './texts';

/** A card stands below a heading of the second level. */
const FIRST_LEVEL = 3;
const LAST_LEVEL = 6;

export function CardText({ source }: { readonly source: string }) {
  const blocks = useMemo(() => {
    const all = parseMarkdown(source);
    // The page says the model's title already.
    return all[0]?.kind === 'heading' && all[0].level === 1 ? all.slice(1) : all;
  }, [source]);
  return (
    <Box className={classes.prose} lang="en">
      <Blocks blocks={blocks} />
    </Box>
  );
}

function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </>
  );
}

function BlockView({ block }: { readonly block: Block }): ReactNode {
  const { t } = useTranslation('models');
  switch (block.kind) {
    case 'heading':
      return (
        <Title order={Math.min(LAST_LEVEL, Math.max(FIRST_LEVEL, block.level + 1)) as TitleOrder}>
          <InlineView content={block.content} />
        </Title>
      );
    case 'paragraph':
      return (
        <Text component="p" size="sm">
          <InlineView content={block.content} />
        </Text>
      );
    case 'quote':
      return (
        <blockquote className={classes.quote}>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case 'list':
      return <ListView block={block} />;
    case 'table':
      return <TableView block={block} />;
    case 'code':
      return (
        <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('card') }}>
          <Code block>{block.text}</Code>
        </ScrollArea>
      );
    case 'rule':
      return <hr />;
  }
}

function ListView({ block }: { readonly block: Extract<Block, { kind: 'list' }> }) {
  const items = block.items.map(({ content, children }, index) => (
    <li key={index}>
      <Text span size="sm">
        <InlineView content={content} />
      </Text>
      <Blocks blocks={children} />
    </li>
  ));
  return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
}

function TableView({ block }: { readonly block: Extract<Block, { kind: 'table' }> }) {
  const { t } = useTranslation('models');
  const { head, rows, align } = block;
  // A card has many tables: by its first heads one knows which.
  const label = `${t('card')}: ${head.map(plain).filter(Boolean).join(', ')}`;
  return (
    <ScrollingTable label={label} className="numbers" verticalSpacing={4} fz="sm">
      {head.some((cell) => cell.length > 0) && (
        <Table.Thead>
          <Table.Tr>
            {head.map((cell, column) =>
              cell.length === 0 ? (
                <Table.Td key={column} />
              ) : (
                <Table.Th key={column} ta={align[column]} scope="col">
                  <InlineView content={cell} />
                </Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
      )}
      <Table.Tbody>
        {rows.map((row, index) => (
          <Table.Tr key={index}>
            {row.map((cell, column) => (
              <Table.Td key={column} ta={align[column]}>
                <InlineView content={cell} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}

function InlineView({ content }: { readonly content: readonly Inline[] }) {
  const { t } = useTranslation('models');
  return (
    <>
      {content.map((inline, index): ReactNode => {
        switch (inline.kind) {
          case 'text':
            return <Fragment key={index}>{inline.text}</Fragment>;
          case 'code':
            return <Code key={index}>{inline.text}</Code>;
          case 'strong':
            return (
              <strong key={index}>
                <InlineView content={inline.content} />
              </strong>
            );
          case 'emphasis':
            return (
              <em key={index}>
                <InlineView content={inline.content} />
              </em>
            );
          case 'link':
            return (
              <Anchor key={index} href={inline.href} inherit underline="always" rel="noreferrer">
                <InlineView content={inline.content} />
              </Anchor>
            );
          case 'figure':
            return (
              <Text key={index} span inherit c="dimmed" fs="italic">
                {t('figure', { text: inline.text })}
              </Text>
            );
        }
      })}
    </>
  );
}

function plain(content: readonly Inline[]): string {
  return content.map((inline) => ('text' in inline ? inline.text : plain(inline.content))).join('');
}
