/** The service as it is now: numbers, the last minutes, and how long routes and models take. */
import { SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTitles } from '../i18n/use-titles';
import { ErrorNotice } from '../parts/states';
import { ConnectionSign } from './connection-sign';
import { HealthLine } from './health-line';
import { LastMinutes } from './last-minutes';
import { useLiveMetrics } from './live-metrics';
import { modelTimings, routeTimings } from './metrics';
import { NowStats } from './now-stats';
import { Recording } from './recording';
import { TimingTable } from './timing-table';
import './texts';

const STATS = 4;

function LoadingService() {
  const { t } = useTranslation();
  return (
    <Stack role="status" aria-label={t('loading')}>
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
        {Array.from({ length: STATS }, (_, index) => (
          <Skeleton key={index} height={104} radius="lg" />
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {Array.from({ length: STATS }, (_, index) => (
          <Skeleton key={index} height={250} radius="lg" />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

export function LiveService() {
  const { t } = useTranslation('service');
  const titles = useTitles();
  const live = useLiveMetrics();
  const { metrics, history, error, connection } = live;
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <ConnectionSign live={live} />
        <HealthLine />
      </Stack>
      {connection === 'broken' && <ErrorNotice error={error} title={t('brokenTitle')} />}
      {metrics ? (
        <>
          <NowStats metrics={metrics} history={history} />
          <LastMinutes history={history} />
          <Recording metrics={metrics} />
          <Stack gap="xs">
            <Title order={2}>{t('modelsTitle')}</Title>
            <TimingTable
              label={t('modelsTitle')}
              nameHeader={t('model')}
              timings={modelTimings(metrics).map((timing) => ({ ...timing, name: titles.model(timing.name) }))}
            />
          </Stack>
          <Stack gap="xs">
            <Title order={2}>{t('routesTitle')}</Title>
            <TimingTable label={t('routesTitle')} nameHeader={t('route')} timings={routeTimings(metrics)} asCode />
          </Stack>
        </>
      ) : (
        connection !== 'broken' && <LoadingService />
      )}
    </Stack>
  );
}
