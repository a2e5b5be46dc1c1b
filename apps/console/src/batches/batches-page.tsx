/** Files that were sent to be scored, and the place to send one. */
import { Select, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';
import { meQuery } from '../session/session';
import { BatchList } from './batch-list';
import { NewBatch } from './new-batch';
import { isStatus, STATUSES } from './queries';
import './texts';

const route = getRouteApi('/inside/batches');

export function BatchesPage() {
  const { t } = useTranslation('batches');
  const { data: me } = useQuery(meQuery);
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  const seesAll = me?.role === 'admin' || me?.role === 'auditor';
  return (
    <Page title={t('title')} description={t('about')}>
      <NewBatch />
      <Stack gap="sm" component="section">
        <Group justify="space-between">
          <Title order={2}>{seesAll ? t('allBatches') : t('yourBatches')}</Title>
          <Select
            aria-label={t('status')}
            w={180}
            value={status ?? ''}
            data={[
              { value: '', label: t('anyStatus') },
              ...STATUSES.map((value) => ({ value, label: t(`statuses.${value}`) })),
            ]}
            onChange={(value) =>
              void navigate({
                search: { status: isStatus(value) ? value : undefined },
                replace: true,
                resetScroll: false,
              })
            }
          />
        </Group>
        <BatchList status={status} seesAll={seesAll} />
        <Text size="sm" c="dimmed">
          {t('listNote')}
        </Text>
      </Stack>
    </Page>
  );
}
