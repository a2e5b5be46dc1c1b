/** How canaries and shadows do beside the other versions on the same rows: a column for each pair that has computed any. */
import { Card, Stack, Table, Text, Title } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import { ErrorNotice, Loading } from '../parts/states';
import { METRIC_DIGITS } from './headlines';
import { servedComparisonQuery, trafficQuery } from './queries';
import './texts';

type Comparison = Schemas['ServedComparisonDto'];

/** Nothing where no version is on trial. */
export function ServedCard({ model }: { readonly model: string }) {
  const { t } = useTranslation('models');
  const { data: traffic } = useQuery(trafficQuery(model));
  const onTrial = traffic ? [...(traffic.canary ? [traffic.canary.version] : []), ...traffic.shadows] : [];
  const found = useQueries({ queries: onTrial.map((version) => servedComparisonQuery(model, version)) });
  if (onTrial.length === 0) return null;
  const failed = found.find(({ isError }) => isError);
  const isLoaded = found.every(({ data }) => data !== undefined);
  // Two versions on trial name the pair that they make both.
  const pairs = new Map(
    found.flatMap(({ data }) => data?.comparisons ?? []).map((pair) => [`${pair.answered} ${pair.shadow}`, pair]),
  );
  return (
    <Card>
      <Stack gap="sm">
        <Title order={3}>{t('served')}</Title>
        <Text size="sm" c="dimmed">
          {t('servedHint')}
        </Text>
        {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
        {!failed && !isLoaded && <Loading lines={3} />}
        {isLoaded && pairs.size === 0 && <Text size="sm">{t('servedNone')}</Text>}
        {pairs.size > 0 && <Pairs pairs={[...pairs.values()]} />}
      </Stack>
    </Card>
  );
}

function Pairs({ pairs }: { readonly pairs: readonly Comparison[] }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const difference = (found: number | null): string => (found === null ? '–' : format.fixed(found, METRIC_DIGITS));
  const latency = (found: Schemas['LatencyDto'] | null): string =>
    found ? t('latencyValue', { p50: format.milliseconds(found.mean), p99: format.milliseconds(found.p95) }) : '–';
  const facts: readonly (readonly [string, (pair: Comparison) => string])[] = [
    [t('predictions'), (pair) => format.number(pair.predictions)],
    [t('rows'), (pair) => format.number(pair.rows)],
    [t('failed'), (pair) => format.number(pair.failed)],
    [t('agreement'), ({ agreement }) => (agreement === null ? '–' : format.percent(agreement, 2))],
    [t('meanDifference'), (pair) => difference(pair.meanDifference)],
    [t('largest'), (pair) => difference(pair.largestDifference)],
    [t('latencyAnswered'), (pair) => latency(pair.answeredLatencyMs)],
    [t('latencyShadow'), (pair) => latency(pair.shadowLatencyMs)],
  ];
  return (
    <ScrollingTable label={t('served')} className="numbers" verticalSpacing={6} horizontalSpacing={8}>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          {pairs.map(({ answered, shadow }) => (
            <Table.Th key={`${answered} ${shadow}`} scope="col" ta="end">
              {t('servedPair', { answered, shadow })}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {facts.map(([name, of]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400}>
              {name}
            </Table.Th>
            {pairs.map((pair) => (
              <Table.Td key={`${pair.answered} ${pair.shadow}`} ta="end">
                {of(pair)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}
