/** What the beginning of a file shows for a version, and the button that sends it. */
import { Alert, Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconAlertTriangle, IconSend } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { latido, type Schemas } from '../api/latido';
import { versionQuery, type Model } from '../api/models';
import { usePatientCall } from '../api/use-patient-call';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { ErrorNotice, Loading, WaitingNotice } from '../parts/states';
import { ColumnMapping } from './column-mapping';
import { FirstRows } from './first-rows';
import { previewOf, type Delimiter, type FileHead, type Preview } from './preview';
import { BATCH_LISTS, schemaQuery } from './queries';
import { rulesOf } from './row-rules';
import './texts';

type OnError = Schemas['BatchDto']['onError'];

interface CheckedFileProps {
  readonly file: File;
  readonly head: FileHead;
  readonly model: Model;
  readonly version: string;
  /** Whether the version is not named but the one that answers. */
  readonly isActive: boolean;
}

export function CheckedFile({ file, head, model, version, isActive }: CheckedFileProps) {
  const schema = useQuery(schemaQuery(model.name, version));
  const other = useQuery({ ...versionQuery(model.name, version), enabled: !isActive });
  const inputs = isActive ? model.inputs : other.data?.inputs;
  const preview = useMemo(
    () => inputs && schema.data && previewOf(head, inputs, rulesOf(schema.data)),
    [head, inputs, schema.data],
  );
  const failed = [schema, other].find(({ isError }) => isError);
  if (failed) return <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!inputs || !preview) return <Loading />;
  return (
    <Stack>
      <Dialect preview={preview} />
      <FileFault preview={preview} inputs={inputs} />
      {preview.names.length > 0 && <ColumnMapping preview={preview} inputs={inputs} />}
      {preview.rows.length > 0 && <FirstRows preview={preview} />}
      <Send file={file} preview={preview} model={model.name} version={isActive ? undefined : version} />
    </Stack>
  );
}

const DELIMITER_NAMES: Readonly<Record<Delimiter, 'comma' | 'semicolon' | 'tab'>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
};
const ENCODING_NAMES = { 'utf-8': 'utf8', 'windows-1252': 'latin1', 'utf-16': 'utf16' } as const;

function Dialect({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  const rows = format.number(preview.estimated ? Number(preview.rowCount.toPrecision(2)) : preview.rowCount);
  return (
    <Text size="sm" c="dimmed" className="numbers">
      {[
        preview.estimated ? t('facts.aboutRows', { rows }) : t('facts.rows', { rows }),
        t(`facts.delimiters.${DELIMITER_NAMES[preview.delimiter]}`),
        preview.decimalComma ? t('facts.decimalComma') : t('facts.decimalPoint'),
        t(`facts.encodings.${ENCODING_NAMES[preview.encoding]}`),
      ].join(' · ')}
    </Text>
  );
}

interface FileFaultProps {
  readonly preview: Preview;
  readonly inputs: Model['inputs'];
}

function FileFault({ preview: { fault, missing, columns }, inputs }: FileFaultProps) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  const terms = useTerms();
  if (!fault) return null;
  const meant = fault === 'ambiguous' ? columns.ambiguous : missing;
  const names = format.list(
    inputs.filter(({ name }) => meant.includes(name)).map((input) => `${terms.inputTitle(input)} (${input.name})`),
  );
  return (
    <Alert color="alarm" variant="light" icon={<IconAlertTriangle aria-hidden />} role="alert">
      {t(`fileFaults.${fault}`, { names })}
    </Alert>
  );
}

interface SendProps {
  readonly file: File;
  readonly preview: Preview;
  readonly model: string;
  readonly version: string | undefined;
}

function Send({ file, preview, model, version }: SendProps) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [onError, setOnError] = useState<OnError>('continue');
  const create = usePatientCall((chosen: OnError, signal) =>
    latido.createBatch(model, file, { version, onError: chosen, signal }),
  );
  const { isPending, againAtMs, error } = create;
  const send = async (): Promise<void> => {
    // What it throws is shown below.
    const batch = await create.run(onError).catch(() => undefined);
    if (!batch) return;
    void client.invalidateQueries({ queryKey: BATCH_LISTS });
    await navigate({ to: '/batches/$id', params: { id: batch.id } });
  };
  const faulty = preview.rows.some(({ faults, wrongCellCount }) => wrongCellCount || faults.size > 0);

  return (
    <Stack>
      <Radio.Group label={t('onError.label')} value={onError} onChange={(value) => setOnError(value as OnError)}>
        <Group mt="xs" gap="12px 32px" align="flex-start">
          <Radio value="continue" label={t('onError.continue')} description={t('onError.continueHint')} />
          <Radio value="abort" label={t('onError.abort')} description={t('onError.abortHint')} />
        </Group>
      </Radio.Group>
      {faulty && onError === 'abort' && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} role="status">
          {t('onError.wouldFail')}
        </Alert>
      )}
      {againAtMs !== undefined && <WaitingNotice againAtMs={againAtMs} onCancel={create.cancel} />}
      {error !== undefined && <ErrorNotice title={t('notSent')} error={error} />}
      <Group>
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          disabled={preview.fault !== undefined}
          loading={isPending && againAtMs === undefined}
          onClick={() => void send()}
        >
          {t('send')}
        </Button>
        {isPending && againAtMs === undefined && (
          <>
            <Text size="sm" c="dimmed" role="status">
              {t('sending', { size: format.bytes(file.size) })}
            </Text>
            <Button variant="subtle" onClick={create.cancel}>
              {t('stopSending')}
            </Button>
          </>
        )}
      </Group>
    </Stack>
  );
}
