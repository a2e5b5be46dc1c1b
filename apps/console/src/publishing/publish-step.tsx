/** What will be published, and that it is being done. */
import { Alert, Button, Card, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LatidoProblem } from '../api/latido';
import { useFormat } from '../i18n/format';
import { LiveStatus } from '../parts/live-status';
import { ErrorNotice, WaitingNotice } from '../parts/states';
import { DOCUMENTS } from './documents';
import { textAt } from './pointers';
import './texts';
import type { Draft } from './use-draft';
import { useExisting } from './use-existing';
import type { ManifestFaults } from './use-manifest-faults';
import type { Publication } from './use-publication';

interface PublishStepProps {
  readonly draft: Draft;
  readonly faults: ManifestFaults;
  readonly publication: Publication;
  readonly onPublish: () => void;
  readonly onManifest: () => void;
}

export function PublishStep({ draft, faults, publication, onPublish, onManifest }: PublishStepProps) {
  const { t } = useTranslation('publishing');
  const format = useFormat();
  const { manifest } = draft.reading ?? {};
  const [name, version, title] = ['name', 'version', 'title'].map((part) => textAt(manifest, [part])) as [
    string,
    string,
    string,
  ];
  const { exists } = useExisting(name);
  const given = DOCUMENTS.filter((one) => draft.documents[one]).map((one) => t(`documents.${one}`));
  const { isPending, error, againAtMs } = publication;
  return (
    <Stack gap="lg">
      <Title order={2}>{t('publishTitle')}</Title>
      <Card>
        <Stack gap="md" align="flex-start">
          <div>
            <Text fw={600}>{t('summary', { title, version })}</Text>
            <Text size="sm">{exists ? t('asNext', { name }) : t('asNew', { name })}</Text>
            <Text size="sm" ff="monospace" c="dimmed">
              {draft.artifact?.name} · {format.bytes(draft.artifact?.size ?? 0)}
            </Text>
            <Text size="sm">{given.length > 0 ? t('with', { documents: format.list(given) }) : t('withNothing')}</Text>
          </div>
          {faults.isBroken ? (
            <Alert
              color="alarm"
              variant="light"
              w="100%"
              icon={<IconAlertTriangle aria-hidden />}
              title={t('mendFirst')}
            >
              <Button variant="default" size="xs" onClick={onManifest}>
                {t('toManifest')}
              </Button>
            </Alert>
          ) : (
            <>
              <Button leftSection={<IconUpload size={18} aria-hidden />} disabled={isPending} onClick={onPublish}>
                {t('publish', { version })}
              </Button>
              <Text size="sm" c="dimmed">
                {t('publishHint')}
              </Text>
            </>
          )}
        </Stack>
      </Card>
      <LiveStatus>
        {isPending && againAtMs === undefined && (
          <Card>
            <Group wrap="nowrap" align="flex-start">
              <Loader size="sm" aria-hidden />
              <div>
                <Text size="sm" fw={600}>
                  {t('working')}
                </Text>
                <Text size="sm" c="dimmed">
                  {t('workingHint')}
                </Text>
              </div>
            </Group>
          </Card>
        )}
      </LiveStatus>
      {againAtMs !== undefined && <WaitingNotice againAtMs={againAtMs} onCancel={publication.cancel} />}
      {error !== undefined && <Refusal error={error} version={version} onManifest={onManifest} />}
    </Stack>
  );
}

interface RefusalProps {
  readonly error: unknown;
  readonly version: string;
  readonly onManifest: () => void;
}

function Refusal({ error, version, onManifest }: RefusalProps) {
  const { t } = useTranslation('publishing');
  if (!(error instanceof LatidoProblem && error.code === 'VERSION_CONFLICT'))
    return <ErrorNotice error={error} title={t('refused')} />;
  return (
    <Alert color="alarm" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('refused')} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('conflict', { version })}</Text>
        <Button variant="default" size="xs" onClick={onManifest}>
          {t('toManifest')}
        </Button>
      </Stack>
    </Alert>
  );
}
