/** A list as a table of which only what is seen is in the page: thousands of rows cost as much as thirty. */
import { Box, Text, useMatches, VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './data-table.module.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** Heard and not shown: of a column of buttons too narrow for it. */
  readonly isHeaderHidden?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** A track of CSS grid: `2fr`, `120px`. */
  readonly width?: string;
  readonly align?: 'start' | 'end';
  /** Not on a phone. */
  readonly wideOnly?: boolean;
}

interface DataTableProps<Row> {
  /** What the list is, for those who hear the page. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** There are more: called when the end comes near. */
  readonly onEnd?: () => void;
  readonly isLoadingMore?: boolean;
  readonly rowHeight?: number;
  /** Where a row takes more lines on a phone. */
  readonly narrowRowHeight?: number;
  /** Highest height in pixels; fewer rows make it lower. */
  readonly maxHeight?: number;
}

const HEADER_HEIGHT = 40;
const BEFORE_END = 8;

function tracks<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(({ width }) => width ?? 'minmax(0, 1fr)').join(' ');
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    label,
    columns,
    rows,
    rowKey,
    onEnd,
    isLoadingMore = false,
    rowHeight: wideRowHeight = 52,
    maxHeight = 560,
  } = props;
  const { narrowRowHeight = wideRowHeight } = props;
  const rowHeight = useMatches({ base: narrowRowHeight, sm: wideRowHeight });
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  // Its functions are not to be memoised, which the compiler's rule warns of; nothing here is.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (onEnd && !isLoadingMore && rows.length > 0 && last >= rows.length - BEFORE_END) onEnd();
  }, [onEnd, isLoadingMore, rows.length, last]);

  const grid = {
    '--wide-tracks': tracks(columns),
    '--narrow-tracks': tracks(columns.filter(({ wideOnly }) => !wideOnly)),
  } as React.CSSProperties;
  const cellClass = ({ align, wideOnly }: Column<Row>): string =>
    [classes.cell, align === 'end' ? classes.end : '', wideOnly ? classes.wideOnly : ''].join(' ');

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      style={{ ...grid, maxHeight }}
      // What scrolls is reached by keyboard (WCAG 2.1.1).
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <div role="table" aria-label={label} aria-rowcount={rows.length + 1}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row} style={{ height: HEADER_HEIGHT }}>
            {columns.map((column) => (
              <div key={column.id} role="columnheader" className={cellClass(column)}>
                {column.isHeaderHidden ? (
                  <VisuallyHidden>{column.header}</VisuallyHidden>
                ) : (
                  <Text size="sm" fw={600} c="dimmed" truncate>
                    {column.header}
                  </Text>
                )}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const row = rows[index]!;
            return (
              <div
                key={rowKey(row)}
                role="row"
                aria-rowindex={index + 2}
                className={`${classes.row} ${classes.bodyRow}`}
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                {columns.map((column) => (
                  <div key={column.id} role="cell" className={cellClass(column)}>
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <Box role="status">{isLoadingMore && <VisuallyHidden>{t('loading')}</VisuallyHidden>}</Box>
    </div>
  );
}
