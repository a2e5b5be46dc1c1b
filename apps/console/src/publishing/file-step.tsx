/** The model file, and what the server says that it is. */
import { Alert, Card, Select, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconArrowDownRight, IconFileCode } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LatidoProblem } from '../api/latido';
import { modelsQuery } from '../api/models';
import { useFormat } from '../i18n/format';
import { FileDrop } from '../parts/file-drop';
import { ErrorNotice, Loading, WaitingNotice } from '../parts/states';
import { DOCUMENT_ENDINGS, MANIFEST_ENDINGS, MODEL_ENDINGS } from './documents';
import { InspectionView } from './inspection-view';
import './texts';
import type { Draft } from './use-draft';

/** The select knows texts alone, and no model is called so. */
const NEW = '';

export function FileStep({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation('publishing');
  const models = useQuery(modelsQuery);
  const { nextOf, artifact, inspect } = draft;
  const names = new Set([...(models.data ?? []).map(({ name }) => name), ...(nextOf === undefined ? [] : [nextOf])]);
  const titles = new Map(models.data?.map(({ name, title }) => [name, title]));
  return (
    <Stack gap="lg">
      <Title order={2}>{t('fileTitle')}</Title>
      <Select
        label={t('nextOf')}
        description={t('nextOfHint')}
        maw={480}
        data={[
          { value: NEW, label: t('newModel') },
          ...[...names].map((name) => ({ value: name, label: `${titles.get(name) ?? name} (${name})` })),
        ]}
        value={nextOf ?? NEW}
        onChange={(name) => void draft.chooseModel(name === NEW || name === null ? undefined : name)}
        disabled={inspect.isPending}
      />
      <FileDrop
        accept={[...MODEL_ENDINGS, ...MANIFEST_ENDINGS, ...DOCUMENT_ENDINGS]}
        multiple
        label={artifact ? t('anotherFile') : t('dropModel')}
        hint={t('dropModelHint')}
        // A refusal stands in `inspect.error`.
        onFile={(file) => void draft.takeFile(file).catch(() => undefined)}
      />
      <div aria-live="polite">
        <Found draft={draft} />
      </div>
    </Stack>
  );
}

function Found({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation('publishing');
  const { artifact, inspection, inspect, stray, ownManifest, taken, live } = draft;
  const format = useFormat();
  return (
    <Stack gap="md">
      {stray !== undefined && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          {t('notOfAVersion', { file: stray })}
        </Alert>
      )}
      {inspect.againAtMs !== undefined && <WaitingNotice againAtMs={inspect.againAtMs} onCancel={inspect.cancel} />}
      {inspect.isPending && (
        <Card>
          <Stack gap="sm">
            <Text size="sm">{t('inspecting')}</Text>
            <Loading lines={5} height={32} />
          </Stack>
        </Card>
      )}
      {inspect.error !== undefined && <Unreadable error={inspect.error} fileName={artifact?.name ?? ''} />}
      {artifact && inspection && <InspectionView inspection={inspection} fileName={artifact.name} />}
      {inspection && live && taken.length > 0 && (
        <Alert color="brand" variant="light" icon={<IconArrowDownRight aria-hidden />}>
          {t('takenFrom', { version: live.version, what: format.list(taken.map((part) => t(`taken.${part}`))) })}
        </Alert>
      )}
      {ownManifest !== undefined && (
        <Alert color="brand" variant="light" icon={<IconFileCode aria-hidden />}>
          {t('ownManifest', { file: ownManifest })}
        </Alert>
      )}
    </Stack>
  );
}

/** The server says what to change in the file; anything else went wrong on the way. */
function Unreadable({ error, fileName }: { readonly error: unknown; readonly fileName: string }) {
  const { t } = useTranslation('publishing');
  const isOfFile = error instanceof LatidoProblem && [413, 415, 422].includes(error.status);
  if (!isOfFile) return <ErrorNotice error={error} />;
  return (
    <Alert color="alarm" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('unreadable')} role="alert">
      <Text size="sm" ff="monospace">
        {fileName}
      </Text>
      <Text size="sm" lang="en">
        {error.detail}
      </Text>
    </Alert>
  );
}
