import { Card, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { useTitles } from '../i18n/use-titles';
import { DataTable, type Column } from '../parts/data-table';
import { TextLink } from '../parts/links';
import type { ScoredFile } from './queries';

/** The latest files: what was predicted of each. */
export function ScoredFiles({ files }: { readonly files: readonly ScoredFile[] }) {
  const { t } = useTranslation('service');
  const format = useFormat();
  const titles = useTitles();
  const kindOf = ({ id, kind }: ScoredFile) =>
    kind === 'batch' ? (
      <TextLink to="/batches/$id" params={{ id }}>
        {t('kinds.batch')}
      </TextLink>
    ) : (
      t('kinds.stream')
    );
  const classesOf = ({ model, labels, erased }: ScoredFile): string => {
    if (erased) return t('fileErased');
    const counts = Object.entries(labels).map(([label, rows]) =>
      t('classTotal', { label: titles.modelClass(model, label), rows: format.number(rows) }),
    );
    return counts.length === 0 ? '–' : format.list(counts);
  };
  const columns: readonly Column<ScoredFile>[] = [
    {
      id: 'when',
      header: t('when'),
      width: 'minmax(0, 1.2fr)',
      cell: (file) => (
        <Stack gap={0}>
          <span>{format.dateTime(file.createdAt)}</span>
          <Text size="xs">{kindOf(file)}</Text>
        </Stack>
      ),
    },
    {
      id: 'model',
      header: t('model'),
      width: 'minmax(0, 1fr)',
      cell: ({ model, version }) => (
        <Stack gap={0}>
          <Text size="sm" truncate>
            {titles.model(model)}
          </Text>
          <Text size="xs" c="dimmed">
            {version}
          </Text>
        </Stack>
      ),
    },
    { id: 'rows', header: t('rows'), width: '80px', align: 'end', cell: ({ rows }) => format.number(rows) },
    {
      id: 'classes',
      header: t('classes'),
      width: 'minmax(0, 1.6fr)',
      wideOnly: true,
      cell: (file) => (
        <Text size="sm" lineClamp={2}>
          {classesOf(file)}
        </Text>
      ),
    },
    {
      id: 'mean',
      header: t('meanScore'),
      width: '120px',
      align: 'end',
      wideOnly: true,
      cell: ({ meanScore }) => (meanScore === null ? '–' : format.fixed(meanScore, 3)),
    },
  ];
  if (files.length === 0)
    return (
      <Card>
        <Text c="dimmed">{t('noFiles')}</Text>
      </Card>
    );
  return (
    <DataTable
      label={t('filesTitle')}
      columns={columns}
      rows={files}
      rowKey={({ kind, id }) => `${kind} ${id}`}
      rowHeight={60}
      // The date takes two lines.
      narrowRowHeight={84}
    />
  );
}
