/** A file of the server by a button: says how much has come, waits out a limit, and can be stopped. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BrokenDownload, saveStream } from '../api/save-stream';
import { usePatientCall } from '../api/use-patient-call';
import { useFormat } from '../i18n/format';
import { ErrorNotice, WaitingNotice } from './states';
import './texts';

interface DownloadButtonProps {
  readonly label: string;
  readonly fileName: string;
  readonly contentType?: string;
  readonly open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
  readonly variant?: 'default' | 'filled';
  readonly disabled?: boolean;
}

export function DownloadButton({
  label,
  fileName,
  contentType = 'text/csv',
  open,
  variant = 'default',
  disabled,
}: DownloadButtonProps) {
  const { t } = useTranslation('parts');
  const format = useFormat();
  const [bytes, setBytes] = useState(0);
  const download = usePatientCall(async (_: undefined, signal) => {
    setBytes(0);
    return saveStream(await open(signal), fileName, contentType, setBytes);
  });
  const { error, isPending, againAtMs, data: savedBytes } = download;
  const broken = error instanceof BrokenDownload;
  // What it throws is shown below.
  const start = (): void => void download.run(undefined).catch(() => undefined);

  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Button
          variant={variant}
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={isPending && againAtMs === undefined}
          disabled={disabled}
          onClick={start}
        >
          {label}
        </Button>
        {isPending && againAtMs === undefined && (
          <Button variant="subtle" onClick={download.cancel}>
            {t('stopDownload')}
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status" className="numbers">
          {isPending && bytes > 0 && t('downloaded', { size: format.bytes(bytes) })}
          {!isPending &&
            !error &&
            savedBytes !== undefined &&
            t('downloadSaved', { name: fileName, size: format.bytes(savedBytes) })}
        </Text>
      </Group>
      {againAtMs !== undefined && <WaitingNotice againAtMs={againAtMs} onCancel={download.cancel} />}
      {error !== undefined && (
        <ErrorNotice error={error} title={broken ? t('downloadBroken') : undefined} onRetry={start} />
      )}
    </Stack>
  );
}
