/** The requests that were refused or failed last, each with the id by which the server's log tells more. */
import { Code, Group, Select, Skeleton, Stack, Text, useMatches } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { pagingOf, type Paging } from '../api/pages-of';
import { useFormat } from '../i18n/format';
import { CopyButton } from '../parts/copy-button';
import { DataTable, type Column } from '../parts/data-table';
import { Person } from '../parts/person';
import { Empty, ErrorNotice } from '../parts/states';
import { StatusBadge } from '../parts/status-badge';
import classes from './refusals-tab.module.css';
import { refusalsQuery, type Refusal } from './queries';

const route = getRouteApi('/inside/service');
const EVERY = 'all';
const STATUSES = ['4xx', '429', '5xx'] as const;
const AGAIN_MS = 10_000;

export function RefusalsTab() {
  const { t } = useTranslation(['service', 'common']);
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  const refusals = useInfiniteQuery({ ...refusalsQuery(status), refetchInterval: AGAIN_MS });
  const rows = refusals.data?.pages.flatMap(({ data }) => data);
  return (
    <Stack>
      <Select
        label={t('status')}
        maw={260}
        value={status ?? EVERY}
        onChange={(value) =>
          void navigate({
            search: (before) => ({ ...before, status: STATUSES.find((one) => one === value) }),
            replace: true,
          })
        }
        data={[
          { value: EVERY, label: t('common:all') },
          ...STATUSES.map((one) => ({ value: one, label: t(`statuses.${one}`) })),
        ]}
      />
      <Text size="sm" c="dimmed">
        {t('refusalsHint')}
      </Text>
      {refusals.isError && <ErrorNotice error={refusals.error} onRetry={() => void refusals.refetch()} />}
      {rows === undefined && !refusals.isError && <Skeleton height={300} radius="lg" />}
      {rows?.length === 0 && (
        <Empty title={t('noRefusals')} icon={<IconShieldCheck size={28} />}>
          {t('noRefusalsHint')}
        </Empty>
      )}
      {rows !== undefined && rows.length > 0 && <RefusalTable rows={rows} {...pagingOf(refusals)} />}
    </Stack>
  );
}

interface RefusalTableProps extends Paging {
  readonly rows: readonly Refusal[];
}

function RefusalTable({ rows, ...paging }: RefusalTableProps) {
  const { t } = useTranslation(['service', 'common']);
  const format = useFormat();
  const isNarrow = useMatches({ base: true, sm: false });
  const columns: readonly Column<Refusal>[] = [
    {
      id: 'status',
      header: t('status'),
      width: '84px',
      cell: ({ status }) => <StatusBadge tone={status >= 500 ? 'bad' : 'warning'}>{String(status)}</StatusBadge>,
    },
    {
      id: 'route',
      header: t('route'),
      width: 'minmax(0, 2fr)',
      cell: ({ method, route: pattern, admittedAt, totalMs, userId }) => (
        <Stack gap={2}>
          <Code className={classes.route} title={pattern}>
            {method} {pattern}
          </Code>
          <Text size="xs" c="dimmed">
            {format.dateTime(admittedAt)} · {format.milliseconds(totalMs)}
          </Text>
          <Text size="xs" hiddenFrom="sm">
            <Person userId={userId} />
          </Text>
        </Stack>
      ),
    },
    {
      id: 'who',
      header: t('who'),
      width: 'minmax(0, 1fr)',
      wideOnly: true,
      cell: ({ userId }) => <Person userId={userId} />,
    },
    {
      id: 'request',
      header: t('requestColumn'),
      isHeaderHidden: isNarrow,
      width: 'minmax(44px, 0.6fr)',
      cell: ({ requestId }) => (
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <Text size="xs" ff="monospace" truncate visibleFrom="sm" title={requestId}>
            {requestId}
          </Text>
          <CopyButton value={requestId} />
        </Group>
      ),
    },
  ];
  return (
    <DataTable
      label={t('tabs.errors')}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      rowHeight={60}
      // A route takes up to three lines, and the time and whose it was stand below it.
      narrowRowHeight={124}
      {...paging}
    />
  );
}
