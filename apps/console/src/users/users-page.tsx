import { Stack, Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';
import { AccountFilterFields } from './account-filters';
import { AccountList } from './account-list';
import { PlansTab } from './plans-tab';
import './texts';

const route = getRouteApi('/inside/users');

/** Who has an account, and what the plans allow. */
export function UsersPage() {
  const { t } = useTranslation(['users', 'common']);
  const { tab = 'accounts' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={t('common:nav.users')} description={t('about')}>
      <Tabs
        value={tab}
        onChange={(chosen) => void navigate({ search: chosen === 'plans' ? { tab: 'plans' } : {} })}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="accounts">{t('accounts')}</Tabs.Tab>
          <Tabs.Tab value="plans">{t('plansTab')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="accounts">
          <Stack>
            <AccountFilterFields />
            <AccountList />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="plans">
          <PlansTab />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
