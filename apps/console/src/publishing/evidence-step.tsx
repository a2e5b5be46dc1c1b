/** What shows that a version is right, and what the model asks of its versions. */
import { ActionIcon, Alert, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat, type Formats } from '../i18n/format';
import { PolicyWords } from '../models/policy';
import { policyQuery } from '../models/queries';
import { useMetricWords } from '../models/words';
import { FileDrop } from '../parts/file-drop';
import { Loading, QueryState } from '../parts/states';
import { StatusBadge } from '../parts/status-badge';
import { DOCUMENT_ENDINGS, DOCUMENTS, type DocumentName, type DocumentSummary } from './documents';
import { textAt } from './pointers';
import './texts';
import type { Draft } from './use-draft';
import { useExisting } from './use-existing';

export function EvidenceStep({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation('publishing');
  return (
    <Stack gap="lg">
      <Stack gap={4} maw={720}>
        <Title order={2}>{t('evidenceTitle')}</Title>
        <Text size="sm" c="dimmed">
          {t('evidenceAbout')}
        </Text>
      </Stack>
      <FileDrop
        accept={DOCUMENT_ENDINGS}
        multiple
        label={t('dropDocuments')}
        hint={t('dropDocumentsHint')}
        onFile={(file) => void draft.takeFile(file)}
      />
      {draft.stray !== undefined && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} role="alert">
          {t('notOfAVersion', { file: draft.stray })}
        </Alert>
      )}
      <Card>
        <Stack gap="md" aria-live="polite">
          {DOCUMENTS.map((name) => (
            <DocumentLine key={name} name={name} draft={draft} />
          ))}
        </Stack>
      </Card>
      <AskedFor name={textAt(draft.reading?.manifest, ['name'])} />
    </Stack>
  );
}

function DocumentLine({ name, draft }: { readonly name: DocumentName; readonly draft: Draft }) {
  const { t } = useTranslation('publishing');
  const sentence = useSentence();
  const given = draft.documents[name];
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Group gap="xs">
          <Text fw={600} size="sm">
            {t(`documents.${name}`)}
          </Text>
          {given ? (
            <StatusBadge tone="good">{given.file.name}</StatusBadge>
          ) : (
            <StatusBadge tone="neutral">{t('notGiven')}</StatusBadge>
          )}
        </Group>
        <Text size="sm" c={given ? undefined : 'dimmed'}>
          {given ? sentence(given.summary) : t(`documentFor.${name}`)}
        </Text>
      </div>
      {given && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('remove', { file: given.file.name })}
          onClick={() => draft.removeDocument(name)}
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}

/** What is in a document, in a sentence. */
function useSentence(): (summary: DocumentSummary) => string {
  const { t } = useTranslation('publishing');
  const format: Formats = useFormat();
  const { datasetName } = useMetricWords();
  return (summary) => {
    switch (summary.kind) {
      case 'golden': {
        const rows = t('summaries.golden', { count: summary.rows, answeredBy: summary.answeredBy });
        return summary.hasLabels ? `${rows} ${t('summaries.goldenLabels')}` : rows;
      }
      case 'evaluation': {
        const datasets = summary.datasets.map(({ name, title, rows }) => {
          // Those that the console knows are called as everywhere else.
          const known = datasetName(name);
          return t('summaries.dataset', { title: known === name ? title : known, count: rows });
        });
        return t('summaries.evaluation', { datasets: format.list(datasets) });
      }
      case 'examples':
        return t('summaries.examples', { count: summary.titles.length, titles: format.list(summary.titles) });
      case 'card':
        return t('summaries.card', { count: summary.words, heading: summary.heading ?? '' });
      case 'metrics':
        return t('summaries.metrics', { count: summary.count });
    }
  };
}

function AskedFor({ name }: { readonly name: string }) {
  const { t } = useTranslation('publishing');
  const { exists } = useExisting(name);
  const policy = useQuery({ ...policyQuery(name), enabled: exists });
  return (
    <Card>
      <Stack gap="xs">
        <Title order={3}>{t('askedFor')}</Title>
        {exists ? (
          <>
            <QueryState query={policy} loading={<Loading lines={2} height={20} />}>
              {(data) => <PolicyWords policy={data} />}
            </QueryState>
            <Text size="xs" c="dimmed">
              {t('askedForHint')}
            </Text>
          </>
        ) : (
          <Text size="sm">{t('askedOfNew')}</Text>
        )}
      </Stack>
    </Card>
  );
}
