import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { Stat } from '../parts/stat';
import { counted, distributed, gauged, timingOf, type ServiceMetrics } from './metrics';

/** The record is written before an answer leaves: what waits here, callers wait for. */
export function Recording({ metrics }: { readonly metrics: ServiceMetrics }) {
  const { t } = useTranslation('service');
  const format = useFormat();
  const distribution = distributed(metrics, 'latido_recorder_flush_seconds');
  const flush = distribution && timingOf(distribution, '');
  const shownGauge = (name: string): string => {
    const value = gauged(metrics, name);
    return value === undefined ? '–' : format.number(value);
  };
  return (
    <Stack gap="xs">
      <Title order={2}>{t('recordingTitle')}</Title>
      <Text size="sm" c="dimmed">
        {t('recordingHint')}
      </Text>
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
        <Stat
          label={t('flushTime')}
          value={flush ? format.milliseconds(flush.p50Ms) : '–'}
          hint={
            flush
              ? t('timeToPredictHint', { p90: format.milliseconds(flush.p90Ms), p99: format.milliseconds(flush.p99Ms) })
              : t('nothingPredicted')
          }
        />
        <Stat label={t('recorderQueue')} value={shownGauge('latido_recorder_queue')} hint={t('recorderQueueHint')} />
        <Stat
          label={t('requestLogQueue')}
          value={shownGauge('latido_request_log_queue')}
          hint={t('requestLogDropped', { lost: format.number(counted(metrics, 'latido_request_log_dropped_total')) })}
        />
        <Stat label={t('filesOpen')} value={shownGauge('latido_files_open')} hint={t('filesOpenHint')} />
      </SimpleGrid>
    </Stack>
  );
}
