/** How a canary or a shadow does beside the other version on the same rows. */
import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import { Loading, QueryState } from '../parts/states';
import { METRIC_DIGITS } from './headlines';
import { servedComparisonQuery } from './queries';
import './texts';

interface ServedProps {
  readonly model: string;
  /** On trial. */
  readonly version: string;
}

export function Served({ model, version }: ServedProps) {
  const { t } = useTranslation('models');
  const served = useQuery(servedComparisonQuery(model, version));
  return (
    <QueryState query={served} loading={<Loading lines={2} />}>
      {({ comparisons }) =>
        comparisons.length === 0 ? (
          <Text size="sm" c="dimmed">
            {version}: {t('servedNone')}
          </Text>
        ) : (
          <Stack gap="sm">
            {comparisons.map((comparison) => (
              <Pair key={`${comparison.answered} ${comparison.shadow}`} comparison={comparison} />
            ))}
          </Stack>
        )
      }
    </QueryState>
  );
}

function Pair({ comparison }: { readonly comparison: Schemas['ServedComparisonDto'] }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { answered, shadow, agreement, meanDifference, largestDifference } = comparison;
  const title = t('servedPair', { answered, shadow });
  const latency = (found: Schemas['LatencyDto'] | null): string =>
    found ? t('latencyValue', { p50: format.milliseconds(found.mean), p99: format.milliseconds(found.p95) }) : '–';
  const facts: readonly (readonly [string, string])[] = [
    [t('predictions'), format.number(comparison.predictions)],
    [t('rows'), format.number(comparison.rows)],
    [t('failed'), format.number(comparison.failed)],
    [t('agreement'), agreement === null ? '–' : format.percent(agreement, 2)],
    [t('meanDifference'), meanDifference === null ? '–' : format.number(meanDifference, METRIC_DIGITS)],
    [t('largest'), largestDifference === null ? '–' : format.number(largestDifference, METRIC_DIGITS)],
    [t('latencyAnswered'), latency(comparison.answeredLatencyMs)],
    [t('latencyShadow'), latency(comparison.shadowLatencyMs)],
  ];
  return (
    <ScrollingTable label={title} className="numbers" verticalSpacing={4}>
      <Table.Caption style={{ captionSide: 'top', textAlign: 'start' }}>{title}</Table.Caption>
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400}>
              {name}
            </Table.Th>
            <Table.Td ta="end">{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}
