/** The record of predictions: chosen by filters in the address, or searched by a patient's reference that never stands there. */
import { Alert, Group, Stack, Text, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toDayField } from '../i18n/local-time';
import { DownloadButton } from '../parts/download-button';
import { Page } from '../parts/page';
import { meQuery, type Me } from '../session/session';
import { FilterBar } from './filter-bar';
import { apiFiltersOf, isFiltered, type Filters } from './filters';
import { PredictionList } from './prediction-list';
import { openExport } from './queries';
import { SubjectSearch } from './subject-search';
import './texts';

const route = getRouteApi('/inside/predictions');

export function PredictionsPage() {
  const { data: me } = useQuery(meQuery);
  return me ? <RecordOf me={me} /> : null;
}

function RecordOf({ me }: { readonly me: Me }) {
  const { t } = useTranslation('predictions');
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState('');
  const [subject, setSubject] = useState<string>();
  const seesAll = me.role === 'admin' || me.role === 'auditor';
  const apiFilters = apiFiltersOf(seesAll ? filters : { ...filters, mine: undefined, userId: undefined }, me.id);
  const choose = (changed: Filters): void => void navigate({ search: changed, replace: true, resetScroll: false });
  return (
    <Page title={t('title')} description={seesAll ? t('aboutAll') : t('about')}>
      <Stack gap="md">
        <FilterBar filters={filters} seesAll={seesAll} onChange={choose} />
        <Group justify="space-between" align="flex-end">
          <SubjectSearch text={text} onChange={setText} onSearch={() => setSubject(text || undefined)} />
          <Stack gap={4}>
            <DownloadButton
              label={t('export')}
              fileName={`predictions-${toDayField(new Date())}.csv`}
              open={(signal) => openExport(apiFilters, subject, signal)}
            />
            <Text size="xs" c="dimmed">
              {t('exportHint')}
            </Text>
          </Stack>
        </Group>
        {subject !== undefined && (
          <Alert color="brand" variant="light" icon={<IconSearch aria-hidden />} py="xs" role="status">
            <Group justify="space-between">
              <Text size="sm">{t('searchingFor', { subject })}</Text>
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  setText('');
                  setSubject(undefined);
                }}
              >
                {t('clearSearch')}
              </Button>
            </Group>
          </Alert>
        )}
        <PredictionList
          key={subject}
          filters={apiFilters}
          subject={subject}
          seesAll={seesAll}
          isFiltered={isFiltered(filters) || subject !== undefined}
          onClear={() => choose({})}
        />
      </Stack>
    </Page>
  );
}
