import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { TimeParts } from '../parts/time-parts';
import { partsOf } from './timing';
import type { PredictionDetail } from './queries';
import './texts';

export function TimingCard({ timings }: { readonly timings: PredictionDetail['timings'] }) {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  return (
    <Card component="section">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={2}>{t('timing')}</Title>
          {timings && (
            <Text size="sm" c="dimmed" className="numbers">
              {t('total', { time: format.milliseconds(timings.totalMs) })}
            </Text>
          )}
        </Group>
        {timings && <TimeParts parts={partsOf(timings)} />}
        <Text size={timings ? 'xs' : 'sm'} c="dimmed">
          {timings ? t('timingOfFile') : t('noTimings')}
        </Text>
      </Stack>
    </Card>
  );
}
