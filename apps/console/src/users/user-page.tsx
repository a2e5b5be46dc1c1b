/** One account: who it is, what it may do, how much it asks for, and what was changed of it. */
import { Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { nameOf } from '../session/name-of';
import { CopyButton } from '../parts/copy-button';
import { Facts } from '../parts/facts';
import { ButtonLink, TextLink } from '../parts/links';
import { Page } from '../parts/page';
import { QueryState } from '../parts/states';
import { Trail } from '../parts/trail';
import { meQuery } from '../session/session';
import { UsageCard, type UsageSpan } from '../usage/usage-card';
import { AccessCard } from './access-card';
import { HistoryCard } from './history-card';
import { accountQuery, accountUsageQuery, type Account } from './queries';
import './texts';

const route = getRouteApi('/inside/users/$id');
const FIRST_SPAN: UsageSpan = 30;

export function UserPage() {
  const { t } = useTranslation(['users', 'common']);
  const { id } = route.useParams();
  const account = useQuery(accountQuery(id));
  const title = account.data ? nameOf(account.data) : t('account');
  return (
    <Page
      title={title}
      trail={
        <Trail here={title}>
          <TextLink to="/users">{t('common:nav.users')}</TextLink>
        </Trail>
      }
      actions={
        account.data && (
          <ButtonLink
            to="/predictions"
            search={{ userId: id }}
            variant="default"
            leftSection={<IconHistory size={16} aria-hidden />}
          >
            {t('predictions')}
          </ButtonLink>
        )
      }
    >
      <QueryState query={account}>{(data) => <AccountView key={id} account={data} />}</QueryState>
    </Page>
  );
}

function AccountView({ account }: { readonly account: Account }) {
  const { t } = useTranslation('users');
  const { data: me } = useQuery(meQuery);
  const [days, setDays] = useState<UsageSpan>(FIRST_SPAN);
  const usage = useQuery(accountUsageQuery(account.id, days));
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <AccessCard account={account} isOwn={account.id === me?.id} />
        <ProfileCard account={account} />
      </SimpleGrid>
      <UsageCard title={t('usage')} query={usage} days={days} onDays={setDays} />
      <HistoryCard userId={account.id} />
    </Stack>
  );
}

function ProfileCard({ account }: { readonly account: Account }) {
  const { t } = useTranslation('users');
  const format = useFormat();
  return (
    <Card component="section" aria-label={t('profile')}>
      <Stack>
        <Title order={2}>{t('profile')}</Title>
        <Facts
          items={[
            [t('displayName'), account.displayName],
            [t('username'), account.username],
            [t('email'), account.email],
            [t('created'), format.dateTime(account.createdAt)],
            [t('updated'), format.dateTime(account.updatedAt)],
            [
              t('id'),
              <Group key="id" gap={4} wrap="nowrap">
                <Text size="xs" ff="monospace">
                  {account.id}
                </Text>
                <CopyButton value={account.id} />
              </Group>,
            ],
          ]}
        />
      </Stack>
    </Card>
  );
}
