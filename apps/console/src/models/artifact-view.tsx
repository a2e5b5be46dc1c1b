/** The model file: what it is, its checksum, and the file itself for those who may have it. */
import { Button, Code, Group, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dataOf, latido } from '../api/latido';
import type { ModelVersionSummary } from '../api/models';
import { useFormat } from '../i18n/format';
import { CopyButton } from '../parts/copy-button';
import { ErrorNotice } from '../parts/states';
import { Facts } from './facts';
import { useModelRights } from './roles';
import { useLatencyFact } from './side-facts';
import './texts';

const ENDINGS: Readonly<Record<ModelVersionSummary['artifact']['format'], string>> = {
  keras: 'keras',
  h5: 'h5',
  onnx: 'onnx',
  tfjs: 'zip',
  remote: 'json',
};

export function ArtifactView({ version }: { readonly version: ModelVersionSummary }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { mayPublish } = useModelRights();
  const latency = useLatencyFact(version);
  const { artifact } = version;
  return (
    <Stack gap="md">
      <Facts
        facts={[
          { name: t('format'), value: artifact.format },
          { name: t('size'), value: format.bytes(artifact.sizeBytes) },
          {
            name: 'SHA-256',
            value: (
              <Group gap={4} wrap="nowrap">
                <Code>{artifact.sha256}</Code>
                <CopyButton value={artifact.sha256} />
              </Group>
            ),
          },
          latency,
        ]}
      />
      {mayPublish && <Download version={version} />}
    </Stack>
  );
}

/** The file needs a header that no link can send: it is fetched, and handed to the browser to save. */
function Download({ version: { model, version, artifact } }: { readonly version: ModelVersionSummary }) {
  const { t } = useTranslation('models');
  const download = useMutation({
    mutationFn: async () => {
      const file: unknown = await dataOf(
        latido.GET('/v1/models/{model}/versions/{version}/artifact', {
          params: { path: { model, version } },
          parseAs: 'blob',
        }),
      );
      const address = URL.createObjectURL(file as Blob);
      const link = document.createElement('a');
      link.href = address;
      link.download = `${model}-${version}.${ENDINGS[artifact.format]}`;
      link.click();
      URL.revokeObjectURL(address);
    },
  });
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={download.isPending}
        onClick={() => download.mutate()}
      >
        {t('download')}
      </Button>
      {download.isError && <ErrorNotice error={download.error} title={t('downloadFailed')} />}
    </Stack>
  );
}
