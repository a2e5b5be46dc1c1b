/** What somebody asked for day by day: answered, refused by the plan's limit, and the rest. */
import { Card, Group, SegmentedControl, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { TimeChart } from '../charts/time-chart';
import { useFormat } from '../i18n/format';
import { dayMs } from '../i18n/utc-days';
import { QueryState } from '../parts/states';
import { allDays, othersOf, sumOf, type Usage } from './usage-days';
import './texts';

/** As the server's bounds allow; a quarter is what a chart of this width still shows day by day. */
const USAGE_SPANS = [7, 30, 90] as const;
export type UsageSpan = (typeof USAGE_SPANS)[number];

const CHART_HEIGHT = 200;
/** Places among the charts' colours: what was answered in the brand's, what was refused in the one that asks for attention. */
const STYLES = { others: 2, refusals: 1, predictions: 0 } as const;

interface UsageCardProps {
  readonly title: string;
  readonly query: UseQueryResult<Usage>;
  readonly days: UsageSpan;
  readonly onDays: (days: UsageSpan) => void;
}

export function UsageCard({ title, query, days, onDays }: UsageCardProps) {
  const { t } = useTranslation('usage');
  return (
    <Card component="section" aria-label={title}>
      <Stack gap="md">
        <Group justify="space-between" gap="sm">
          <Title order={2}>{title}</Title>
          <SegmentedControl
            size="xs"
            aria-label={t('days')}
            value={String(days)}
            onChange={(value) => onDays(Number(value) as UsageSpan)}
            data={USAGE_SPANS.map((span) => ({ value: String(span), label: t('daysOption', { count: span }) }))}
          />
        </Group>
        <QueryState query={query} loading={<Skeleton height={CHART_HEIGHT + 120} />}>
          {(usage) => <UsageChart usage={usage} />}
        </QueryState>
      </Stack>
    </Card>
  );
}

function UsageChart({ usage }: { readonly usage: Usage }) {
  const { t } = useTranslation('usage');
  const format = useFormat();
  const days = useMemo(() => allDays(usage), [usage]);
  const sum = sumOf(days);
  const timesMs = useMemo(() => days.map(({ date }) => dayMs(date)), [days]);
  const series = useMemo(
    () => [
      { label: t('others'), values: days.map(othersOf), style: STYLES.others },
      { label: t('refusals'), values: days.map((day) => day.refusals), style: STYLES.refusals },
      { label: t('predictions'), values: days.map((day) => day.predictions), style: STYLES.predictions },
    ],
    [days, t],
  );
  const figures = [
    { label: t('requests'), value: sum.requests, hint: t('lastDays', { count: days.length }) },
    { label: t('predictions'), value: sum.predictions },
    { label: t('refusals'), value: sum.refusals },
    { label: t('others'), value: othersOf(sum), hint: t('othersHint') },
  ];
  return (
    <>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
        {figures.map(({ label, value, hint }) => (
          <div key={label}>
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text fz="xl" fw={650} className="numbers" lh={1.3}>
              {format.number(value)}
            </Text>
            {hint !== undefined && (
              <Text size="xs" c="dimmed">
                {hint}
              </Text>
            )}
          </div>
        ))}
      </SimpleGrid>
      {sum.requests === 0 ? (
        <Text c="dimmed">{t('none')}</Text>
      ) : (
        <TimeChart
          title={t('title')}
          heading={false}
          summary={t('summary', {
            from: format.day(usage.from),
            to: format.day(usage.to),
            requests: format.number(sum.requests),
            predictions: format.number(sum.predictions),
            refusals: format.number(sum.refusals),
          })}
          timesMs={timesMs}
          series={series}
          shape="stacked"
          utcDays
          digits={0}
          height={CHART_HEIGHT}
          legend
        />
      )}
    </>
  );
}
