/** All metrics of a version: one column a data set. */
import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import { METRIC_DIGITS } from './headlines';
import { byName, datasetsOf, type Metric } from './metrics';
import './texts';
import { useMetricWords } from './words';

export function MetricsTable({ metrics }: { readonly metrics: readonly Metric[] }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { metricName, metricHint, datasetName } = useMetricWords();
  const datasets = datasetsOf(metrics);
  if (datasets.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('noMetrics')}
      </Text>
    );
  return (
    <ScrollingTable label={t('metrics')} className="numbers" verticalSpacing={6} horizontalSpacing={8}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('metric')}</Table.Th>
          {datasets.map((dataset) => (
            <Table.Th key={dataset} ta="end">
              {datasetName(dataset)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {byName(metrics).map(({ name, values }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={500}>
              {metricName(name)}
              <Text size="xs" c="dimmed" fw={400} visibleFrom="sm">
                {metricHint(name)}
              </Text>
            </Table.Th>
            {values.map((value, column) => (
              <Table.Td key={datasets[column]} ta="end">
                {value === undefined ? '–' : format.fixed(value, METRIC_DIGITS)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}
