/** The model file: what it is, its checksum, and the file itself for those who may have it. */
import { Code, Group, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { dataOf, latido } from '../api/latido';
import type { ModelVersionSummary } from '../api/models';
import { useFormat } from '../i18n/format';
import { CopyButton } from '../parts/copy-button';
import { DownloadButton } from '../parts/download-button';
import { Facts } from '../parts/facts';
import { useModelRights } from './roles';
import { useLatency } from './side-facts';
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
  const latency = useLatency(version);
  const { model, artifact } = version;
  const open = async (signal: AbortSignal): Promise<ReadableStream<Uint8Array>> => {
    const params = { path: { model, version: version.version } };
    const answer = latido.GET('/v1/models/{model}/versions/{version}/artifact', { params, signal, parseAs: 'stream' });
    return (await dataOf(answer)) as unknown as ReadableStream<Uint8Array>;
  };
  return (
    <Stack gap="md">
      <Facts
        items={[
          [t('format'), artifact.format],
          [t('size'), format.bytes(artifact.sizeBytes)],
          [
            'SHA-256',
            <Group key="sha256" gap={4} wrap="nowrap">
              <Code>{artifact.sha256}</Code>
              <CopyButton value={artifact.sha256} />
            </Group>,
          ],
          [t('latency'), latency],
        ]}
      />
      {mayPublish && (
        <DownloadButton
          label={t('download')}
          fileName={`${model}-${version.version}.${ENDINGS[artifact.format]}`}
          contentType="application/octet-stream"
          open={open}
        />
      )}
    </Stack>
  );
}
