import { Card, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { TimeChart } from '../charts/time-chart';
import { useFormat } from '../i18n/format';
import { useTitles } from '../i18n/use-titles';
import { dayMs } from '../i18n/utc-days';
import type { ModelDays } from './prediction-days';

const PROBABILITY: readonly [number, number] = [0, 1];

interface ModelDaysCardProps {
  readonly days: ModelDays;
  readonly dates: readonly string[];
}

/** One model: rows of each class on top of each other, and below them the mean of the scores. */
export function ModelDaysCard({ days, dates }: ModelDaysCardProps) {
  const { t } = useTranslation('service');
  const format = useFormat();
  const titles = useTitles();
  const { model, classes, score, meanScores } = days;
  const timesMs = useMemo(() => dates.map(dayMs), [dates]);
  const series = useMemo(
    () =>
      classes.map(({ label, rows }) => ({
        label: label ? titles.modelClass(model, label) : t(score === 'value' ? 'rows' : 'noClass'),
        values: rows,
      })),
    [classes, model, score, t, titles],
  );
  const means = useMemo(() => [{ label: t('meanScore'), values: meanScores }], [meanScores, t]);
  const totals = series.map(({ label, values }) =>
    t('classTotal', { label, rows: format.number(values.reduce((sum, rows) => sum + rows, 0)) }),
  );
  const isProbability = score === 'positive-probability' || score === 'answered-probability';
  return (
    <Card component="section" aria-label={titles.model(model)}>
      <Stack gap="md">
        <div>
          <Title order={2}>{titles.model(model)}</Title>
          <Text size="sm" c="dimmed" className="numbers">
            {t('modelTotals', {
              predictions: t('predictionCount', { count: days.predictions, shown: format.number(days.predictions) }),
              rows: t('rowCount', { count: days.rows, shown: format.number(days.rows) }),
              fileRows: format.number(days.fileRows),
              versions: format.list(days.versions),
            })}
          </Text>
          <Text size="sm" className="numbers">
            {format.list(totals)}
          </Text>
        </div>
        <TimeChart
          title={t('rowsByClass')}
          summary={t('rowsByClassSummary', { model: titles.model(model), totals: format.list(totals) })}
          timesMs={timesMs}
          series={series}
          shape="stacked"
          utcDays
          digits={0}
          legend
          height={180}
          syncedWith={`predicted-${model}`}
        />
        {score !== null && (
          <div>
            <TimeChart
              title={t('meanScore')}
              timesMs={timesMs}
              series={means}
              utcDays
              digits={3}
              legend
              height={140}
              range={isProbability ? PROBABILITY : undefined}
              syncedWith={`predicted-${model}`}
            />
            <Text size="xs" c="dimmed">
              {t(`scores.${score}`)}
            </Text>
          </div>
        )}
      </Stack>
    </Card>
  );
}
