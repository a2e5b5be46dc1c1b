/** Whether what is shown is live and since when, and the button that holds it still (WCAG 2.2.2). */
import { Button, Group, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { StatusBadge, type Tone } from '../parts/status-badge';
import type { Connection, LiveMetrics } from './live-metrics';

const TONES: Readonly<Record<Connection, Tone>> = {
  connecting: 'running',
  live: 'good',
  polling: 'warning',
  broken: 'bad',
  paused: 'neutral',
};

export function ConnectionSign({ live }: { readonly live: LiveMetrics }) {
  const { t } = useTranslation('service');
  const format = useFormat();
  const { connection, sinceMs, metrics } = live;
  const paused = connection === 'paused';
  return (
    <Group gap="sm">
      <div role="status">
        <StatusBadge tone={TONES[connection]}>{t(`connection.${connection}`)}</StatusBadge>
      </div>
      <Text size="sm" c="dimmed" className="numbers">
        {sinceMs === undefined
          ? t('connecting')
          : t(`since.${paused ? 'paused' : 'live'}`, { time: format.time(new Date(sinceMs)) })}
        {metrics && ` · ${t('readAt', { time: format.time(metrics.collectedAt) })}`}
      </Text>
      <Button
        size="xs"
        variant="default"
        ml={{ base: 0, sm: 'auto' }}
        leftSection={paused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
        onClick={paused ? live.resume : live.pause}
      >
        {t(paused ? 'resume' : 'pause')}
      </Button>
    </Group>
  );
}
