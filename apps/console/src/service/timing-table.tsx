import { Button, Card, Code, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import type { RouteTiming, Timing } from './metrics';
import classes from './timing-table.module.css';

interface TimingTableProps {
  readonly label: string;
  readonly nameHeader: string;
  readonly timings: readonly (Timing | RouteTiming)[];
  /** Names are patterns of addresses. */
  readonly asCode?: boolean;
}

/** More are shown when they are asked for. */
const SHOWN_FIRST = 10;

/** How long answers took, as percentiles since the server started. */
export function TimingTable({ label, nameHeader, timings, asCode = false }: TimingTableProps) {
  const { t } = useTranslation('service');
  const format = useFormat();
  const [all, setAll] = useState(false);
  const withRefused = timings.some((timing) => 'refused' in timing);
  const total = timings.reduce((sum, { count }) => sum + count, 0);
  const seconds = timings.reduce((sum, { count, meanMs }) => sum + count * meanMs, 0);
  if (timings.length === 0)
    return (
      <Card>
        <Text c="dimmed">{t('nothingPredicted')}</Text>
      </Card>
    );
  const numbers = (timing: Timing): readonly string[] => [
    format.number(timing.count),
    ...('refused' in timing ? [format.number((timing as RouteTiming).refused)] : []),
    ...[timing.p50Ms, timing.p90Ms, timing.p99Ms, timing.meanMs].map(format.milliseconds),
  ];
  const headers = [t('count'), ...(withRefused ? [t('refusedColumn')] : []), t('p50'), t('p90'), t('p99'), t('mean')];
  return (
    <Card padding={0}>
      <ScrollingTable label={label} className="numbers" verticalSpacing="xs" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{nameHeader}</Table.Th>
            {headers.map((header) => (
              <Table.Th key={header} ta="end">
                {header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(all ? timings : timings.slice(0, SHOWN_FIRST)).map((timing) => (
            <Table.Tr key={timing.name}>
              <Table.Th scope="row" fw={400} className={classes.name}>
                {asCode ? <Code>{timing.name}</Code> : timing.name}
              </Table.Th>
              {numbers(timing).map((number, index) => (
                <Table.Td key={headers[index]} ta="end" className={classes.number}>
                  {number}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th scope="row">{t('all')}</Table.Th>
            <Table.Td ta="end">{format.number(total)}</Table.Td>
            <Table.Td colSpan={withRefused ? 4 : 3}>
              <Text size="xs" c="dimmed" ta="end">
                {t('percentilesDoNotAdd')}
              </Text>
            </Table.Td>
            <Table.Td ta="end" className={classes.number}>
              {format.milliseconds(seconds / Math.max(1, total))}
            </Table.Td>
          </Table.Tr>
        </Table.Tfoot>
      </ScrollingTable>
      {timings.length > SHOWN_FIRST && (
        <Button variant="subtle" size="compact-sm" m="xs" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('showFewer') : t('showAll', { count: timings.length })}
        </Button>
      )}
    </Card>
  );
}
