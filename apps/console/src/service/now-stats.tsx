import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { Stat } from '../parts/stat';
import { rateOver, type Reading } from './metric-history';
import { answersOf, counted, gauged, PREDICTION_ROUTE, routeTimings, type ServiceMetrics } from './metrics';

const NOW_MS = 10_000;

interface NowStatsProps {
  readonly metrics: ServiceMetrics;
  readonly history: readonly Reading[];
}

/** The numbers that are looked at first. */
export function NowStats({ metrics, history }: NowStatsProps) {
  const { t } = useTranslation('service');
  const format = useFormat();
  const rate = rateOver(history, 'requests', NOW_MS);
  const predicting = routeTimings(metrics).find(({ name }) => name === PREDICTION_ROUTE);
  const quotaRefusals = counted(metrics, 'latido_quota_refusals_total');
  const readRefusals = counted(metrics, 'latido_read_refusals_total');
  const lagSeconds = gauged(metrics, 'nodejs_eventloop_lag_p99_seconds');
  const memory = gauged(metrics, 'process_resident_memory_bytes');
  const loaded = gauged(metrics, 'latido_models_loaded');
  const loadedBytes = gauged(metrics, 'latido_models_memory_bytes');
  const ms = format.milliseconds;
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
      <Stat
        label={t('requestsPerSecond')}
        value={rate === null ? '–' : format.fixed(rate, 1)}
        hint={t('requestsHint', { total: format.number(counted(metrics, 'latido_http_requests_total')) })}
      />
      <Stat
        label={t('predictionsRecorded')}
        value={format.number(counted(metrics, 'latido_recorded_predictions_total'))}
        hint={t('sinceStart')}
      />
      <Stat
        label={t('timeToPredict')}
        value={predicting ? ms(predicting.p50Ms) : '–'}
        hint={
          predicting
            ? t('timeToPredictHint', { p90: ms(predicting.p90Ms), p99: ms(predicting.p99Ms) })
            : t('nothingPredicted')
        }
      />
      <Stat
        label={t('refused')}
        value={format.number(quotaRefusals + readRefusals)}
        hint={t('refusedHint', { quota: format.number(quotaRefusals), reads: format.number(readRefusals) })}
      />
      <Stat
        label={t('serverErrors')}
        value={format.number(answersOf(metrics, 500, 600))}
        hint={t('serverErrorsHint', { refusals: format.number(answersOf(metrics, 400, 500)) })}
      />
      <Stat
        label={t('eventLoopLag')}
        value={lagSeconds === undefined ? '–' : ms(lagSeconds * 1000)}
        hint={t('eventLoopHint')}
      />
      <Stat
        label={t('memory')}
        value={memory === undefined ? '–' : format.bytes(memory)}
        hint={t('uptime', { time: format.span(metrics.uptimeSeconds) })}
      />
      <Stat
        label={t('modelsLoaded')}
        value={loaded === undefined ? '–' : format.number(loaded)}
        hint={loadedBytes === undefined ? undefined : t('modelsLoadedHint', { size: format.bytes(loadedBytes) })}
      />
    </SimpleGrid>
  );
}
