import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';
import { LiveService } from './live-service';
import { PredictedTab } from './predicted-tab';
import { RefusalsTab } from './refusals-tab';
import './texts';

const route = getRouteApi('/inside/service');
const TABS = ['now', 'predictions', 'errors'] as const;

/** How the service does now, what it predicted, and what it refused. */
export function ServicePage() {
  const { t } = useTranslation(['service', 'common']);
  const { tab = 'now' } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (chosen: string | null): void => {
    const [known] = (['predictions', 'errors'] as const).filter((one) => one === chosen);
    void navigate({ search: { tab: known } });
  };
  return (
    <Page title={t('common:nav.service')} description={t('about')}>
      <Tabs value={tab} onChange={open} keepMounted={false}>
        <Tabs.List mb="lg">
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`tabs.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="now">
          <LiveService />
        </Tabs.Panel>
        <Tabs.Panel value="predictions">
          <PredictedTab />
        </Tabs.Panel>
        <Tabs.Panel value="errors">
          <RefusalsTab />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
