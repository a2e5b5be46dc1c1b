import { SimpleGrid, type SimpleGridProps } from '@mantine/core';
import classes from './chart-grid.module.css';

/** Small charts beside each other. */
export function ChartGrid(props: Omit<SimpleGridProps, 'cols' | 'className'>) {
  return <SimpleGrid {...props} cols={{ base: 1, sm: 2, lg: 3 }} className={classes.charts} />;
}
