/** Predictions, newest first, as far back as one scrolls. */
import { Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconFlask, IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { pagingOf } from '../api/pages-of';
import { ButtonLink, TextLink } from '../parts/links';
import { useFormat } from '../i18n/format';
import { DataTable, type Column } from '../parts/data-table';
import { ModelVersion } from '../parts/model-version';
import { Person } from '../parts/person';
import { Empty, ErrorNotice, Loading } from '../parts/states';
import { SummaryAnswer } from './answer';
import type { ApiFilters } from './filters';
import { predictionsQuery, type PredictionSummary } from './queries';
import './texts';

interface PredictionListProps {
  readonly filters: ApiFilters;
  readonly subject: string | undefined;
  readonly seesAll: boolean;
  readonly isFiltered: boolean;
  /** Takes the filters away. */
  readonly onClear: () => void;
}

export function PredictionList({ filters, subject, seesAll, isFiltered, onClear }: PredictionListProps) {
  const { t } = useTranslation('predictions');
  const columns = useColumns(seesAll);
  const query = useInfiniteQuery(predictionsQuery(filters, subject));
  const { hasNextPage, isFetchingNextPage } = query;
  const more = (): void => void query.fetchNextPage();
  const rows = query.data?.pages.flatMap(({ data }) => data);
  if (!rows)
    return query.isError ? (
      <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading lines={10} height={40} />
    );
  return (
    <>
      {query.isError && <ErrorNotice error={query.error} onRetry={hasNextPage ? more : () => void query.refetch()} />}
      {rows.length > 0 ? (
        <DataTable label={t('list')} columns={columns} rows={rows} rowKey={({ id }) => id} {...pagingOf(query)} />
      ) : hasNextPage ? (
        // Pages of an answer's predictions are looked for in parts: one may hold none, and the next some.
        <Empty
          title={t('notYet')}
          icon={<IconHistory size={28} />}
          action={
            <Button loading={isFetchingNextPage} onClick={more}>
              {t('lookFurther')}
            </Button>
          }
        >
          {t('notYetHint')}
        </Empty>
      ) : (
        <Empty
          title={isFiltered ? t('emptyFiltered') : t('emptyTitle')}
          action={
            isFiltered ? (
              // Above stands what ends a search.
              subject === undefined && (
                <Button variant="default" onClick={onClear}>
                  {t('clear')}
                </Button>
              )
            ) : (
              <ButtonLink leftSection={<IconFlask size={16} aria-hidden />} to="/try">
                {t('tryOne')}
              </ButtonLink>
            )
          }
        >
          {!isFiltered ? t('empty') : subject === undefined ? t('emptyFilteredHint') : t('emptySubjectHint')}
        </Empty>
      )}
    </>
  );
}

function useColumns(seesAll: boolean): Column<PredictionSummary>[] {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  return [
    {
      id: 'when',
      header: t('when'),
      width: 'minmax(0, 1.4fr)',
      cell: ({ id, createdAt }) => (
        <TextLink to="/predictions/$id" params={{ id }}>
          {format.dateTime(createdAt)}
        </TextLink>
      ),
    },
    {
      id: 'model',
      header: t('model'),
      width: 'minmax(0, 1.6fr)',
      wideOnly: true,
      cell: ({ model, version }) => <ModelVersion model={model} version={version} />,
    },
    {
      id: 'answer',
      header: t('answer'),
      width: 'minmax(0, 1.8fr)',
      cell: (prediction) => <SummaryAnswer prediction={prediction} />,
    },
    {
      id: 'subject',
      header: t('subject'),
      width: 'minmax(0, 0.8fr)',
      cell: ({ subject }) => (
        <Text size="sm" truncate title={subject ?? undefined}>
          {subject ?? '–'}
        </Text>
      ),
    },
    {
      id: 'rows',
      header: t('rows'),
      width: '64px',
      align: 'end',
      wideOnly: true,
      cell: ({ rowCount }) => format.number(rowCount),
    },
    ...(seesAll
      ? [
          {
            id: 'who',
            header: t('who'),
            width: 'minmax(0, 1fr)',
            wideOnly: true,
            cell: ({ userId }: PredictionSummary) => <Person userId={userId} />,
          },
        ]
      : []),
  ];
}
