/** How versions of a model come into service: the live one, the policy, the traffic, and what happened so far. */
import { Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Model, ModelVersionSummary } from '../api/models';
import { useFormat } from '../i18n/format';
import { QueryState, Loading } from '../parts/states';
import { RollBackDialog } from './activation';
import { LiveBadge } from './live';
import { PolicyWords } from './policy';
import { activationPages, policyQuery } from './queries';
import { useModelRights } from './roles';
import { ServedCard } from './served';
import './texts';
import { Timeline } from './timeline';
import { TrafficCard } from './traffic';
import { Who } from './who';

interface InServiceProps {
  readonly model: Model;
  readonly versions: readonly ModelVersionSummary[];
}

export function InService({ model, versions }: InServiceProps) {
  const { t } = useTranslation('models');
  const { maySeePolicy } = useModelRights();
  return (
    <Stack gap="md">
      <Title order={2}>{t('inService')}</Title>
      <SimpleGrid cols={{ base: 1, md: maySeePolicy ? 2 : 1 }}>
        {maySeePolicy && <PolicyCard model={model.name} />}
        <TrafficCard model={model.name} versions={versions} />
      </SimpleGrid>
      {maySeePolicy && <ServedCard model={model.name} />}
      <Timeline model={model.name} />
    </Stack>
  );
}

function PolicyCard({ model }: { readonly model: string }) {
  const { t } = useTranslation('models');
  const policy = useQuery(policyQuery(model));
  return (
    <Card>
      <Stack gap="sm">
        <Title order={3}>{t('policy')}</Title>
        <Text size="sm" c="dimmed">
          {t('policyHint')}
        </Text>
        <QueryState query={policy} loading={<Loading lines={2} />}>
          {(data) => <PolicyWords policy={data} />}
        </QueryState>
      </Stack>
    </Card>
  );
}

/** What is live since when, by whom and why, with the way back. */
export function LiveNow({ model }: { readonly model: Model }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { mayActivate } = useModelRights();
  const { data } = useInfiniteQuery(activationPages(model.name));
  const [opening, setOpening] = useState({ opened: false, times: 0 });
  const latest = data?.pages[0]?.data[0];
  if (model.activeVersion === null || model.activatedAt === null)
    return (
      <Card>
        <Text fw={600}>{t('noneLive')}</Text>
        <Text size="sm" c="dimmed">
          {t('noneLiveHint')}
        </Text>
      </Card>
    );
  const isOfLive = latest?.version === model.activeVersion;
  return (
    <Card mih={110}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={4}>
          <Group gap="xs">
            <LiveBadge version={model.activeVersion} />
            <Text fw={500}>
              {t('liveSince', { date: format.dateTime(model.activatedAt), ago: format.ago(model.activatedAt) })}
            </Text>
          </Group>
          {latest && isOfLive && (
            <>
              <Text size="sm" c="dimmed">
                {t(`events.${latest.kind}`, { version: latest.version })} <Who userId={latest.activatedBy} />
              </Text>
              {latest.reason !== null && <Text size="sm">“{latest.reason}”</Text>}
            </>
          )}
        </Stack>
        {mayActivate && latest && isOfLive && (latest.previousVersion !== null || latest.kind === 'rollback') && (
          <>
            <Button
              variant="default"
              leftSection={<IconArrowBackUp size={18} aria-hidden />}
              onClick={() => setOpening(({ times }) => ({ opened: true, times: times + 1 }))}
            >
              {t('rollBack')}
            </Button>
            <RollBackDialog
              key={opening.times}
              model={model.name}
              latest={latest}
              opened={opening.opened}
              onClose={() => setOpening(({ times }) => ({ opened: false, times }))}
            />
          </>
        )}
      </Group>
    </Card>
  );
}
