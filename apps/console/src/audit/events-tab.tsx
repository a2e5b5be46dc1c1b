import { ActionIcon, Group, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { IconListDetails, IconShieldCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pagingOf, type Paging } from '../api/pages-of';
import { useFormat } from '../i18n/format';
import { DataTable, type Column } from '../parts/data-table';
import { Empty, ErrorNotice } from '../parts/states';
import { meQuery } from '../session/session';
import { EventDetails } from './event-details';
import { filtersOf } from './event-filter';
import { EventFilterFields } from './event-filters';
import { EventSentence } from './event-sentence';
import { eventsQuery, type AuditEvent } from './queries';

const route = getRouteApi('/inside/audit');

export function EventsTab() {
  const { t } = useTranslation('audit');
  const { data: me } = useQuery(meQuery);
  const search = route.useSearch();
  const filters = useMemo(() => filtersOf(search), [search]);
  const events = useInfiniteQuery(eventsQuery(filters));
  const rows = events.data?.pages.flatMap(({ data }) => data);
  return (
    <Stack>
      <EventFilterFields />
      {me?.role !== 'admin' && (
        <Text size="sm" c="dimmed">
          {t('accountsById')}
        </Text>
      )}
      {events.isError && <ErrorNotice error={events.error} onRetry={() => void events.refetch()} />}
      {rows === undefined && !events.isError && <Skeleton height={480} radius="lg" />}
      {rows?.length === 0 && <Empty title={t('noEvents')}>{t('noEventsHint')}</Empty>}
      {rows !== undefined && rows.length > 0 && <EventTable rows={rows} {...pagingOf(events)} />}
    </Stack>
  );
}

interface EventTableProps extends Paging {
  readonly rows: readonly AuditEvent[];
}

function EventTable({ rows, ...paging }: EventTableProps) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const [shown, setShown] = useState<AuditEvent>();
  const columns: readonly Column<AuditEvent>[] = [
    {
      id: 'when',
      header: t('when'),
      width: '190px',
      wideOnly: true,
      cell: ({ occurredAt }) => format.dateTime(occurredAt),
    },
    {
      id: 'what',
      header: t('whatHappened'),
      cell: (event) => (
        <Stack gap={2}>
          <Text size="sm" lineClamp={2}>
            <EventSentence event={event} />
          </Text>
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            {format.dateTime(event.occurredAt)}
          </Text>
        </Stack>
      ),
    },
    {
      id: 'actions',
      header: t('details'),
      width: '80px',
      align: 'end',
      cell: (event) => (
        <Group gap={4} wrap="nowrap">
          <Tooltip label={t('showDetails')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('detailsOf', { action: event.action, time: format.time(event.occurredAt) })}
              onClick={() => setShown(event)}
            >
              <IconListDetails size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('openProof')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('proofOf', { action: event.action, time: format.time(event.occurredAt) })}
              renderRoot={(props) => <Link {...props} to="/audit" search={{ tab: 'proof', proof: event.id }} />}
            >
              <IconShieldCheck size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      ),
    },
  ];
  return (
    <>
      <DataTable
        label={t('tabs.events')}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        // Two lines of a sentence, and on a phone the time below them.
        rowHeight={54}
        narrowRowHeight={76}
        maxHeight={640}
        {...paging}
      />
      <EventDetails event={shown} onClose={() => setShown(undefined)} />
    </>
  );
}
