/** Everybody who fits the filters: who they are, what they may do, and how much they ask for. */
import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconUserSearch } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { pagingOf, type Paging } from '../api/pages-of';
import { plansQuery } from '../api/plans';
import { Sparkline } from '../charts/sparkline';
import { useFormat } from '../i18n/format';
import { nameOf } from '../session/name-of';
import { DataTable, type Column } from '../parts/data-table';
import { TextLink } from '../parts/links';
import { Empty, ErrorNotice } from '../parts/states';
import { meQuery } from '../session/session';
import { sumOf, type UsageDay } from '../usage/usage-days';
import { AccountActions } from './account-actions';
import { AccountStatus } from './account-status';
import { filtersOf } from './filters';
import { PlanMenu } from './plan-menu';
import { accountsQuery, LIST_DAYS, type Account } from './queries';
import './texts';
import { useUsageOf } from './use-usage-of';

const route = getRouteApi('/inside/users');

export function AccountList() {
  const { t } = useTranslation('users');
  const search = route.useSearch();
  const filters = useMemo(() => filtersOf(search), [search]);
  const accounts = useInfiniteQuery({ ...accountsQuery(filters), placeholderData: (before) => before });
  const pages = accounts.data?.pages.map(({ data }) => data);
  return (
    <>
      {accounts.isError && <ErrorNotice error={accounts.error} onRetry={() => void accounts.refetch()} />}
      {pages === undefined && !accounts.isError && <Skeleton height={480} radius="lg" />}
      {pages?.[0]?.length === 0 && (
        <Empty title={t('nobody')} icon={<IconUserSearch size={28} />}>
          {t('nobodyHint')}
        </Empty>
      )}
      {pages !== undefined && pages[0]!.length > 0 && <AccountTable pages={pages} {...pagingOf(accounts)} />}
    </>
  );
}

interface AccountTableProps extends Paging {
  readonly pages: readonly (readonly Account[])[];
}

function AccountTable({ pages, ...paging }: AccountTableProps) {
  const { t } = useTranslation(['users', 'common']);
  const format = useFormat();
  const { data: me } = useQuery(meQuery);
  const { data: plans = [] } = useQuery(plansQuery);
  const usage = useUsageOf(pages);
  const columns: readonly Column<Account>[] = [
    {
      id: 'name',
      header: t('name'),
      width: 'minmax(0, 1fr)',
      cell: (account) => <Name account={account} isOwn={account.id === me?.id} />,
    },
    {
      id: 'role',
      header: t('role'),
      width: '104px',
      wideOnly: true,
      cell: ({ role }) => t(`common:roles.${role}`),
    },
    {
      id: 'plan',
      header: t('plan'),
      width: '124px',
      cell: (account) => <PlanMenu account={account} plans={plans} />,
    },
    {
      id: 'status',
      header: t('status'),
      width: '124px',
      wideOnly: true,
      cell: ({ status }) => <AccountStatus status={status} />,
    },
    {
      id: 'created',
      header: t('created'),
      width: '96px',
      wideOnly: true,
      cell: ({ createdAt }) => format.date(createdAt),
    },
    {
      id: 'usage',
      header: t('usageColumn', { count: LIST_DAYS }),
      width: '124px',
      wideOnly: true,
      cell: ({ id }) => <LastDays days={usage.get(id)} />,
    },
    {
      id: 'actions',
      header: t('actions'),
      isHeaderHidden: true,
      width: '36px',
      align: 'end',
      cell: (account) => <AccountActions account={account} isOwn={account.id === me?.id} />,
    },
  ];
  return (
    <DataTable
      label={t('accounts')}
      columns={columns}
      rows={pages.flat()}
      rowKey={({ id }) => id}
      rowHeight={60}
      maxHeight={640}
      {...paging}
    />
  );
}

function Name({ account, isOwn }: { readonly account: Account; readonly isOwn: boolean }) {
  const { t } = useTranslation(['users', 'common']);
  const name = nameOf(account);
  const others = [account.username, account.email].filter((one) => one !== null && one !== name);
  return (
    <Stack gap={2}>
      <Group gap={6} wrap="nowrap" miw={0}>
        <TextLink to="/users/$id" params={{ id: account.id }} truncate fw={500}>
          {name}
        </TextLink>
        {isOwn && (
          <Text size="xs" c="dimmed" span>
            ({t('you')})
          </Text>
        )}
      </Group>
      <Text size="xs" c="dimmed" truncate visibleFrom="sm" title={others.join(' · ')}>
        {others.join(' · ')}
      </Text>
      <Text size="xs" c="dimmed" truncate hiddenFrom="sm">
        {[t(`common:roles.${account.role}`), t(`common:states.${account.status}`)].join(' · ')}
      </Text>
    </Stack>
  );
}

/** As high without days as with them. */
function LastDays({ days }: { readonly days: readonly UsageDay[] | undefined }) {
  const { t } = useTranslation('users');
  const format = useFormat();
  if (!days) return <Skeleton height={24} width={84} />;
  const { requests } = sumOf(days);
  return (
    <Group gap={8} wrap="nowrap">
      <Sparkline
        width={84}
        values={days.map((day) => day.requests)}
        label={t('usageLabel', { count: requests, requests: format.number(requests), days: days.length })}
      />
      <Text size="xs" c="dimmed" aria-hidden>
        {format.compact(requests)}
      </Text>
    </Group>
  );
}
