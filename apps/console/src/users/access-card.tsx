/** What an account may do: its plan, role and status, each changed at once. */
import { Button, Card, Group, Select, Stack, Text, Title } from '@mantine/core';
import { IconUserCheck, IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { plansQuery } from '../api/plans';
import { useFormat } from '../i18n/format';
import { AccountStatus } from './account-status';
import { ROLES } from './filters';
import type { Account } from './queries';
import './texts';
import { useAccountChange } from './use-account-change';

interface AccessCardProps {
  readonly account: Account;
  readonly isOwn: boolean;
}

export function AccessCard({ account, isOwn }: AccessCardProps) {
  const { t } = useTranslation(['users', 'common']);
  const format = useFormat();
  const { data: plans = [] } = useQuery(plansQuery);
  const { change, shown } = useAccountChange(account);
  const statusHint = useId();
  const isActive = shown.status === 'active';
  const { plan, planSince, role } = shown;
  return (
    <Card component="section" aria-label={t('access')}>
      <Stack>
        <Title order={2}>{t('access')}</Title>
        <Select
          label={t('plan')}
          description={planSince === null ? t('planByDefault') : t('planSince', { time: format.dateTime(planSince) })}
          value={plan}
          data={[...new Set([...plans.map(({ name }) => name), plan])]}
          onChange={(chosen) => {
            if (chosen !== null) change({ plan: chosen });
          }}
        />
        <Select
          label={t('role')}
          description={isOwn ? t('ownRole') : t(`roleHints.${role}`)}
          value={role}
          data={ROLES.map((value) => ({ value, label: t(`common:roles.${value}`) }))}
          disabled={isOwn}
          onChange={(chosen) => {
            const wanted = ROLES.find((one) => one === chosen);
            if (wanted !== undefined) change({ role: wanted });
          }}
        />
        <Stack gap={6}>
          <Text size="sm" fw={500}>
            {t('status')}
          </Text>
          <Group justify="space-between">
            <AccountStatus status={shown.status} />
            <Button
              variant="default"
              color={isActive ? 'alarm' : undefined}
              leftSection={isActive ? <IconUserOff size={16} aria-hidden /> : <IconUserCheck size={16} aria-hidden />}
              disabled={isOwn}
              aria-describedby={statusHint}
              onClick={() => change({ status: isActive ? 'suspended' : 'active' })}
            >
              {t(isActive ? 'suspend' : 'reactivate')}
            </Button>
          </Group>
          <Text size="xs" c="dimmed" id={statusHint}>
            {isOwn ? t('ownStatus') : t(isActive ? 'suspendHint' : 'suspendedHint')}
          </Text>
        </Stack>
      </Stack>
    </Card>
  );
}
