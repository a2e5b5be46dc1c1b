import { Card, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { TimeChart } from '../charts/time-chart';
import { ratesOf, type Reading } from './metric-history';

const SYNCED = 'service';
const HEIGHT = 180;
const SHOWN_MS = 5 * 60_000;

/** From nothing to a round number above all values: an axis that changed with each of them could not be read. */
function scaleOf(...values: readonly (readonly (number | null)[])[]): readonly [number, number] {
  const highest = Math.max(1, ...values.flat().map((value) => value ?? 0));
  const size = 10 ** Math.floor(Math.log10(highest));
  return [0, ([1, 2, 5].find((step) => step * size >= highest) ?? 10) * size];
}

/** What the counters grew by while one was looking. */
export function LastMinutes({ history }: { readonly history: readonly Reading[] }) {
  const { t } = useTranslation('service');
  const rates = useMemo(() => ratesOf(history), [history]);
  const { timesMs } = rates;
  const series = useMemo(
    () => ({
      requests: [
        { label: t('requests'), values: rates.requests },
        { label: t('predictions'), values: rates.predictions },
      ],
      answers: [{ label: t('meanAnswer'), values: rates.meanAnswerMs }],
      refusals: [
        { label: t('byQuota'), values: rates.quotaRefusals },
        { label: t('byReads'), values: rates.readRefusals },
        { label: t('serverErrors'), values: rates.failures },
      ],
      lag: [{ label: t('eventLoopLag'), values: rates.eventLoopLagMs }],
    }),
    [rates, t],
  );
  const shared = { timesMs, height: HEIGHT, lastMs: SHOWN_MS, syncedWith: SYNCED };
  return (
    <Stack gap="xs">
      <Title order={2}>{t('lastMinutes')}</Title>
      <Text size="sm" c="dimmed">
        {t('lastMinutesHint')}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Card padding="md">
          <TimeChart
            {...shared}
            title={t('requestsChart')}
            unit={t('perSecond')}
            series={series.requests}
            range={scaleOf(rates.requests, rates.predictions)}
          />
        </Card>
        <Card padding="md">
          <TimeChart
            {...shared}
            title={t('answersChart')}
            unit="ms"
            series={series.answers}
            range={scaleOf(rates.meanAnswerMs)}
            legend
            digits={1}
          />
        </Card>
        <Card padding="md">
          <TimeChart
            {...shared}
            title={t('refusalsChart')}
            unit={t('perSecond')}
            series={series.refusals}
            range={scaleOf(rates.quotaRefusals, rates.readRefusals, rates.failures)}
          />
        </Card>
        <Card padding="md">
          <TimeChart
            {...shared}
            title={t('lagChart')}
            unit="ms"
            series={series.lag}
            range={scaleOf(rates.eventLoopLagMs)}
            legend
            digits={1}
          />
        </Card>
      </SimpleGrid>
    </Stack>
  );
}
