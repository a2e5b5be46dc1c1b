/** A short table that scrolls by itself where it is wider than the page. Long lists are a `DataTable`. */
import { ScrollArea, Table, type TableProps } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './scrolling-table.module.css';

interface ScrollingTableProps extends Omit<TableProps, 'children' | 'data' | 'className'> {
  /** What it shows, for those who hear the page. */
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function ScrollingTable({ label, className, children, ...rest }: ScrollingTableProps) {
  return (
    // What scrolls is reached by keyboard (WCAG 2.1.1).
    <ScrollArea
      type="auto"
      offsetScrollbars="present"
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}
    >
      <Table
        aria-label={label}
        className={className === undefined ? classes.table : `${classes.table} ${className}`}
        {...rest}
      >
        {children}
      </Table>
    </ScrollArea>
  );
}
