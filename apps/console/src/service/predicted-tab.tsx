/** Predictions per class and mean score by day and model, and the latest files. */
import { Group, SegmentedControl, Select, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { modelsQuery } from '../api/models';
import { useFormat } from '../i18n/format';
import { useTitles } from '../i18n/use-titles';
import { Empty, QueryState } from '../parts/states';
import { ModelDaysCard } from './model-days-card';
import { byModel } from './prediction-days';
import { datesBetween } from '../i18n/utc-days';
import { servicePredictionsQuery, type ServicePredictions } from './queries';
import { ScoredFiles } from './scored-files';

const route = getRouteApi('/inside/service');
const SPANS = [7, 30, 90] as const;

export function PredictedTab() {
  const { t } = useTranslation('service');
  const { days = 7, model } = route.useSearch();
  const navigate = route.useNavigate();
  const models = useQuery(modelsQuery);
  const titles = useTitles();
  const predictions = useQuery({ ...servicePredictionsQuery(days, model), placeholderData: keepPreviousData });
  const names = [...new Set([...(models.data ?? []).map(({ name }) => name), ...(model ? [model] : [])])].sort();
  const spanOf = (value: string): 30 | 90 | undefined => ([30, 90] as const).find((one) => String(one) === value);
  return (
    <Stack>
      <Group align="flex-end" gap="md">
        <Stack gap={1}>
          <Text size="sm" fw={500} id="service-span">
            {t('span')}
          </Text>
          <SegmentedControl
            aria-labelledby="service-span"
            value={String(days)}
            onChange={(value) =>
              void navigate({ search: (before) => ({ ...before, days: spanOf(value) }), replace: true })
            }
            data={SPANS.map((span) => ({ value: String(span), label: t('days', { count: span }) }))}
          />
        </Stack>
        <Select
          label={t('model')}
          data={names.map((name) => ({ value: name, label: titles.model(name) }))}
          value={model ?? null}
          placeholder={t('allModels')}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': t('allModels') }}
          onChange={(value) =>
            void navigate({ search: (before) => ({ ...before, model: value ?? undefined }), replace: true })
          }
        />
      </Group>
      <QueryState query={predictions} loading={<Skeleton height={420} radius="lg" />}>
        {(data) => <Predicted data={data} />}
      </QueryState>
    </Stack>
  );
}

function Predicted({ data }: { readonly data: ServicePredictions }) {
  const { t } = useTranslation('service');
  const format = useFormat();
  const dates = useMemo(() => datesBetween(data.from, data.to), [data.from, data.to]);
  const models = useMemo(() => byModel(data.days, dates), [data.days, dates]);
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed" className="numbers">
        {t('predictedFrom', { from: format.day(data.from), to: format.day(data.to), at: format.dateTime(data.asOf) })}
      </Text>
      {models.length === 0 ? (
        <Empty title={t('nothingPredictedTitle')}>{t('nothingPredictedHint')}</Empty>
      ) : (
        <SimpleGrid cols={{ base: 1, lg: models.length > 1 ? 2 : 1 }}>
          {models.map((model) => (
            <ModelDaysCard key={model.model} days={model} dates={dates} />
          ))}
        </SimpleGrid>
      )}
      <Stack gap="xs">
        <Title order={2}>{t('filesTitle')}</Title>
        <ScoredFiles files={data.files} />
      </Stack>
    </Stack>
  );
}
