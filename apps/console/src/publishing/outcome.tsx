/** What came of it: the verification, what the policy says, and the ways on. */
import { Alert, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconArrowsDiff, IconCheck, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { versionQuery, type ModelVersion } from '../api/models';
import { ActivationDialog } from '../models/activation';
import { gateQuery } from '../models/queries';
import { useModelRights } from '../models/roles';
import { VerificationView } from '../models/verification-view';
import { Loading, QueryState } from '../parts/states';
import type { Published } from './publishing';
import './texts';
import { useExisting } from './use-existing';

interface OutcomeProps {
  readonly published: Published;
  readonly onAgain: () => void;
}

export function Outcome({ published, onAgain }: OutcomeProps) {
  const { t } = useTranslation('publishing');
  const { version, isNew } = published;
  const isRejected = version.status === 'rejected';
  const title = isRejected ? 'rejected' : isNew ? 'published' : 'publishedBefore';
  return (
    <Stack gap="lg">
      <Alert
        color={isRejected ? 'alarm' : 'teal'}
        variant="light"
        icon={isRejected ? <IconAlertTriangle aria-hidden /> : <IconCheck aria-hidden />}
        role="status"
      >
        <Title order={2}>{t(title, { version: version.version })}</Title>
        {isRejected && (
          <>
            <Text size="sm" lang="en">
              {version.rejection}
            </Text>
            <Text size="sm">{t('rejectedHint')}</Text>
          </>
        )}
      </Alert>
      {!isRejected && <Next version={version} onAgain={onAgain} />}
      <Card>
        <Stack gap="md">
          <Title order={3}>{t('verification')}</Title>
          <VerificationView verifications={version.verifications} />
        </Stack>
      </Card>
      {isRejected && (
        <Group>
          <Button onClick={onAgain}>{t('publishAnother')}</Button>
        </Group>
      )}
    </Stack>
  );
}

function Next({ version: published, onAgain }: { readonly version: ModelVersion; readonly onAgain: () => void }) {
  const { t } = useTranslation('publishing');
  const { model, version } = published;
  const { mayActivate } = useModelRights();
  const [opened, setOpened] = useState(false);
  const toVersion = useRef<HTMLAnchorElement>(null);
  const { live } = useExisting(model);
  const { data: now } = useQuery({ ...versionQuery(model, version), initialData: published });
  const isLive = now.active;
  return (
    <Card>
      <Stack gap="md">
        <Title order={3}>{t('nowWhat')}</Title>
        {isLive ? <Text size="sm">{t('isLive', { version })}</Text> : <Gate model={model} version={version} />}
        {!isLive && (
          <Text size="sm" c="dimmed">
            {live === undefined ? t('activateHint_none') : t('activateHint_live', { live })}
            {!mayActivate && ` ${t('administrators')}`}
          </Text>
        )}
        <Group gap="sm">
          {mayActivate && !isLive && (
            <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => setOpened(true)}>
              {t('activate')}
            </Button>
          )}
          {live !== undefined && live !== version && (
            <Button
              variant="default"
              leftSection={<IconArrowsDiff size={16} aria-hidden />}
              renderRoot={(props) => (
                <Link {...props} to="/models/$model" params={{ model }} search={{ a: version, b: live }} />
              )}
            >
              {t('compare', { live })}
            </Button>
          )}
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link
                {...props}
                ref={toVersion}
                to="/models/$model/versions/$version"
                params={{ model, version }}
                search={{}}
              />
            )}
          >
            {t('toVersion')}
          </Button>
          <Button variant="default" onClick={onAgain}>
            {t('publishAnother')}
          </Button>
        </Group>
      </Stack>
      <ActivationDialog
        model={model}
        version={version}
        former={live ?? null}
        opened={opened}
        onClose={() => setOpened(false)}
        // The button went with the activation.
        onActivated={() => toVersion.current?.focus()}
      />
    </Card>
  );
}

function Gate({ model, version }: { readonly model: string; readonly version: string }) {
  const { t } = useTranslation('publishing');
  const gate = useQuery(gateQuery(model, version));
  return (
    <QueryState query={gate} loading={<Loading lines={1} height={44} />}>
      {({ passed, objections }) => (
        <Alert
          color={passed ? 'teal' : 'yellow'}
          variant="light"
          icon={passed ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
          title={t('gate')}
        >
          {passed ? (
            t('gatePassed')
          ) : (
            <Stack gap="xs">
              <Text size="sm">{t('gateObjects')}</Text>
              <List size="sm" lang="en">
                {objections.map(({ pointer, detail }) => (
                  <List.Item key={`${pointer} ${detail}`}>{detail}</List.Item>
                ))}
              </List>
              <Text size="sm">{t('gateOverride')}</Text>
            </Stack>
          )}
        </Alert>
      )}
    </QueryState>
  );
}
