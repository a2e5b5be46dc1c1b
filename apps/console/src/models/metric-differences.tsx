/** Metrics of two versions on one data set, and which is better. */
import { Box, Group, Table, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconEqual } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import { METRIC_DIGITS } from './headlines';
import { verdictOn, type Verdict } from './metrics';
import './texts';
import { useMetricWords } from './words';

type MetricComparison = Schemas['MetricComparisonDto'];

const LOOKS: Readonly<Record<Verdict, { readonly color: string | undefined; readonly weight: number }>> = {
  better: { color: 'var(--mantine-color-teal-light-color)', weight: 600 },
  worse: { color: 'var(--mantine-color-alarm-light-color)', weight: 600 },
  same: { color: 'dimmed', weight: 400 },
  unknown: { color: 'dimmed', weight: 400 },
};

const SIGNS = { same: IconEqual, more: IconArrowUpRight, less: IconArrowDownRight } as const;

function signOf(difference: number, verdict: Verdict): keyof typeof SIGNS {
  if (verdict === 'same' || difference === 0) return 'same';
  return difference > 0 ? 'more' : 'less';
}

/** A difference that is one is not shown as none. */
const SMALL_DIGITS = 6;

function digitsOf(difference: number): number {
  return difference !== 0 && Math.abs(difference) < 0.5 * 10 ** -METRIC_DIGITS ? SMALL_DIGITS : METRIC_DIGITS;
}

interface MetricDifferencesProps {
  readonly metrics: readonly MetricComparison[];
  readonly a: string;
  readonly b: string;
}

export function MetricDifferences({ metrics, a, b }: MetricDifferencesProps) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { metricName, metricHint } = useMetricWords();
  if (metrics.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('noMetricsOn')}
      </Text>
    );
  const value = (measured: number | null): string => (measured === null ? '–' : format.fixed(measured, METRIC_DIGITS));
  return (
    <ScrollingTable label={t('metrics')} className="numbers" verticalSpacing={6} horizontalSpacing={8}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('metric')}</Table.Th>
          <Table.Th ta="end">A · {a}</Table.Th>
          <Table.Th ta="end">B · {b}</Table.Th>
          <Table.Th>{t('difference')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {metrics.map((metric) => (
          <Table.Tr key={metric.name}>
            <Table.Th scope="row" fw={500}>
              {metricName(metric.name)}
              <Text size="xs" c="dimmed" fw={400} visibleFrom="sm">
                {metricHint(metric.name)}
              </Text>
            </Table.Th>
            <Table.Td ta="end">{value(metric.a)}</Table.Td>
            <Table.Td ta="end">{value(metric.b)}</Table.Td>
            <Table.Td>
              <Difference name={metric.name} difference={metric.difference} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}

function Difference({ name, difference }: { readonly name: string; readonly difference: number | null }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  if (difference === null) return <>–</>;
  const verdict = verdictOn(name, difference);
  const { color, weight } = LOOKS[verdict];
  const Sign = SIGNS[signOf(difference, verdict)];
  return (
    <Group gap={6} wrap="nowrap">
      <Box component="span" visibleFrom="xs" lh={0} aria-hidden>
        <Sign size={16} />
      </Box>
      <div>
        <Text size="sm" fw={weight} style={{ whiteSpace: 'nowrap' }}>
          {format.signed(difference, digitsOf(difference))}
        </Text>
        <Text size="xs" c={color} style={{ whiteSpace: 'nowrap' }}>
          {t(`verdicts.${verdict}`)}
        </Text>
      </div>
    </Group>
  );
}
