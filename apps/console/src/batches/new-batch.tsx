/** Sends a file: first the choice of it, then what its beginning shows, so that nothing is sent in vain. */
import { Button, Card, Group, Select, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { modelsQuery, versionsQuery, type Model } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { FileDrop } from '../parts/file-drop';
import { ModelNotice } from '../parts/notice';
import { Empty, ErrorNotice } from '../parts/states';
import { CheckedFile } from './checked-file';
import { matchedInputs } from './columns';
import { headOf, previewOf, type FileHead } from './preview';
import './texts';

/** Those that take files and answer. */
function takeFiles(models: readonly Model[]): readonly Model[] {
  return models.filter(
    ({ observations, inputs, activeVersion }) => !observations && inputs.length > 0 && activeVersion,
  );
}

/** The model of whose inputs the file names most. */
function bestFit(models: readonly Model[], head: FileHead): Model | undefined {
  const fits = models.map(({ inputs }) => {
    const { names } = previewOf(head, inputs, new Map());
    return matchedInputs(names, inputs) / inputs.length;
  });
  const best = Math.max(...fits);
  return best > 0 ? models[fits.indexOf(best)] : undefined;
}

interface ChosenFile {
  readonly file: File;
  readonly head: FileHead;
}

export function NewBatch() {
  const { t } = useTranslation('batches');
  const models = useQuery(modelsQuery);
  const format = useFormat();
  const candidates = useMemo(() => takeFiles(models.data ?? []), [models.data]);
  const [chosenModel, setChosenModel] = useState<string>();
  const [chosenVersion, setChosenVersion] = useState('');
  const read = useMutation({
    mutationFn: async (file: File): Promise<ChosenFile> => ({ file, head: await headOf(file) }),
  });
  const guessed = useMemo(() => (read.data ? bestFit(candidates, read.data.head) : undefined), [candidates, read.data]);
  const model = candidates.find(({ name }) => name === chosenModel) ?? guessed ?? candidates[0];

  // What was focused, the place to drop it, is gone.
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), [read.data]);

  if (models.isError) return <ErrorNotice error={models.error} onRetry={() => void models.refetch()} />;
  if (!models.data) return <NewBatchLoading />;
  if (!model) return <Empty title={t('noModels')}>{t('modelHint')}</Empty>;
  return (
    <Card component="section">
      <Stack>
        <Title order={2}>{t('newBatch')}</Title>
        <ModelChoice
          models={candidates}
          model={model}
          version={chosenVersion}
          onChange={(name, version) => {
            setChosenModel(name);
            setChosenVersion(version);
          }}
        />
        <ModelNotice notice={model.notice} />
        {!read.data && (
          <FileDrop
            accept={['.csv', '.tsv', '.txt']}
            label={read.isPending ? t('reading') : t('dropFile')}
            hint={`${t('dropHint')} ${t('modelHint')}`}
            onFile={(file) => read.mutate(file)}
          />
        )}
        {read.isError && (
          <Text size="sm" c="red" role="alert">
            {t('fileUnreadable')}
          </Text>
        )}
        {read.data && (
          <>
            <Group justify="space-between">
              <Text fw={600} ref={heading} tabIndex={-1}>
                {read.data.file.name}{' '}
                <Text span c="dimmed" fw={400}>
                  {format.bytes(read.data.file.size)}
                </Text>
              </Text>
              <Button variant="default" size="xs" onClick={read.reset}>
                {t('another')}
              </Button>
            </Group>
            <CheckedFile
              key={`${model.name} ${chosenVersion}`}
              file={read.data.file}
              head={read.data.head}
              model={model}
              version={chosenVersion || model.activeVersion!}
              isActive={chosenVersion === ''}
            />
          </>
        )}
      </Stack>
    </Card>
  );
}

/** As high as what comes, or the list below would jump. */
function NewBatchLoading() {
  const { t } = useTranslation();
  return <Skeleton h={{ base: 515, xs: 332 }} radius="lg" role="status" aria-label={t('loading')} />;
}

interface ModelChoiceProps {
  readonly models: readonly Model[];
  readonly model: Model;
  /** Empty: the active one. */
  readonly version: string;
  readonly onChange: (model: string, version: string) => void;
}

function ModelChoice({ models, model, version, onChange }: ModelChoiceProps) {
  const { t } = useTranslation('batches');
  const terms = useTerms();
  const versions = useQuery(versionsQuery(model.name));
  // Others answer nobody but administrators.
  const others = (versions.data ?? []).filter(
    ({ status, active, lastActivatedAt }) => status === 'verified' && !active && lastActivatedAt !== null,
  );
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <Select
        label={t('model')}
        data={models.map((one) => ({ value: one.name, label: terms.modelTitle(one) }))}
        value={model.name}
        onChange={(name) => name && onChange(name, '')}
      />
      <Select
        label={t('version')}
        data={[
          { value: '', label: t('activeVersion', { version: model.activeVersion }) },
          ...others.map((one) => ({ value: one.version, label: one.version })),
        ]}
        value={version}
        onChange={(chosen) => onChange(model.name, chosen ?? '')}
      />
    </SimpleGrid>
  );
}
