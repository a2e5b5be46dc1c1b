import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';
import { CheckpointsTab } from './checkpoints-tab';
import { EventsTab } from './events-tab';
import { ProofTab } from './proof-tab';
import { VerifyTab } from './verify-tab';
import './texts';

const route = getRouteApi('/inside/audit');
const TABS = ['events', 'verify', 'checkpoints', 'proof'] as const;

/** Who did what, and whether the record of it still holds. */
export function AuditPage() {
  const { t } = useTranslation(['audit', 'common']);
  const { tab = 'events' } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (chosen: string | null): void => {
    const known = TABS.find((one) => one === chosen);
    void navigate({ search: { tab: known === 'events' ? undefined : known } });
  };
  return (
    <Page title={t('common:nav.audit')} description={t('about')}>
      <Tabs value={tab} onChange={open} keepMounted={false}>
        <Tabs.List mb="lg">
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one} px={{ base: 'xs', sm: 'md' }}>
              {t(`tabs.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="events">
          <EventsTab />
        </Tabs.Panel>
        <Tabs.Panel value="verify">
          <VerifyTab />
        </Tabs.Panel>
        <Tabs.Panel value="checkpoints">
          <CheckpointsTab />
        </Tabs.Panel>
        <Tabs.Panel value="proof">
          <ProofTab />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
