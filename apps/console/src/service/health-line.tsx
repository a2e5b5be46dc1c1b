/** What the readiness check says: whether a load balancer would send anybody here. */
import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../parts/states';
import { StatusBadge } from '../parts/status-badge';
import { healthQuery } from './queries';

const KNOWN = ['database', 'models', 'redis'] as const;

export function HealthLine() {
  const { t } = useTranslation('service');
  const health = useQuery(healthQuery);
  if (health.isError) return <ErrorNotice error={health.error} title={t('healthUnknown')} />;
  const checks = Object.entries(health.data?.checks ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return (
    <Group gap="xs" mih={28}>
      <Text size="sm" c="dimmed">
        {t('health')}
      </Text>
      <Group gap="xs" role="status">
        {health.data && (
          <StatusBadge tone={health.data.status === 'ready' ? 'good' : 'bad'}>
            {t(health.data.status === 'ready' ? 'ready' : 'notReady')}
          </StatusBadge>
        )}
        {checks.map(([name, state]) => {
          const known = KNOWN.find((one) => one === name);
          return (
            <StatusBadge key={name} tone={state === 'ok' ? 'good' : 'bad'}>
              {t(state === 'ok' ? 'checkOk' : 'checkFailing', { name: known ? t(`checks.${known}`) : name })}
            </StatusBadge>
          );
        })}
      </Group>
    </Group>
  );
}
