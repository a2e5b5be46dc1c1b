import { SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';
import { UsageCard, type UsageSpan } from '../usage/usage-card';
import { ApiKeysCard } from './api-keys-card';
import { AppearanceCard } from './appearance-card';
import { PasswordCard } from './password-card';
import { ProfileCard } from './profile-card';
import { QuotaCard } from './quota-card';
import { myUsageQuery } from './queries';
import { SessionsCard } from './sessions-card';
import './texts';

const FIRST_SPAN: UsageSpan = 30;

export function AccountPage() {
  const { t } = useTranslation('account');
  const [days, setDays] = useState<UsageSpan>(FIRST_SPAN);
  const usage = useQuery(myUsageQuery(days));
  return (
    <Page title={t('title')} description={t('description')}>
      <QuotaCard />
      <UsageCard title={t('usage')} query={usage} days={days} onDays={setDays} />
      <ApiKeysCard />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="lg">
          <ProfileCard />
          <AppearanceCard />
        </Stack>
        <Stack gap="lg">
          <PasswordCard />
          <SessionsCard />
        </Stack>
      </SimpleGrid>
    </Page>
  );
}
