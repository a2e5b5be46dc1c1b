/** How a model's traffic is shared now, with what came of it. */
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowsSplit } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelVersionSummary } from '../api/models';
import { Loading, QueryState } from '../parts/states';
import { trafficQuery, type Traffic } from './queries';
import { useModelRights } from './roles';
import './texts';
import { TrafficDialog } from './traffic-dialog';
import { useTrafficWords } from './traffic-words';
import { useService } from './use-service';

interface TrafficCardProps {
  readonly model: string;
  readonly versions: readonly ModelVersionSummary[];
}

export function TrafficCard({ model, versions }: TrafficCardProps) {
  const { t } = useTranslation('models');
  const traffic = useQuery(trafficQuery(model));
  return (
    <Card>
      <Stack gap="sm">
        <Title order={3}>{t('traffic')}</Title>
        <Text size="sm" c="dimmed">
          {t('trafficHint')}
        </Text>
        <QueryState query={traffic} loading={<Loading lines={2} />}>
          {(data) => <Shared traffic={data} versions={versions} />}
        </QueryState>
      </Stack>
    </Card>
  );
}

interface SharedProps {
  readonly traffic: Traffic;
  readonly versions: readonly ModelVersionSummary[];
}

function Shared({ traffic, versions }: SharedProps) {
  const { t } = useTranslation('models');
  const { mayActivate } = useModelRights();
  const trafficWords = useTrafficWords();
  const words = trafficWords(traffic);
  return (
    <>
      {words.length === 0 ? (
        <Text size="sm">{t('trafficNone')}</Text>
      ) : (
        words.map((sentence) => (
          <Text key={sentence} size="sm" fw={500}>
            {sentence}
          </Text>
        ))
      )}
      {mayActivate && <Changes traffic={traffic} versions={versions} />}
    </>
  );
}

function Changes({ traffic, versions }: SharedProps) {
  const { t } = useTranslation('models');
  const { shareTraffic } = useService(traffic.model);
  const [opening, setOpening] = useState({ opened: false, times: 0 });
  const change = useRef<HTMLButtonElement>(null);
  const live = versions.find(({ active }) => active);
  const candidates = versions
    .filter(({ active, status }) => !active && status === 'verified')
    .map(({ version }) => version);
  const isShared = traffic.canary !== null || traffic.shadows.length > 0;
  if (!live || (candidates.length === 0 && !isShared))
    return (
      <Text size="sm" c="dimmed">
        {live ? t('trafficNeedsOther') : t('trafficNeedsLive')}
      </Text>
    );
  return (
    <Group gap="xs">
      <Button
        ref={change}
        size="xs"
        variant="default"
        leftSection={<IconArrowsSplit size={16} aria-hidden />}
        onClick={() => setOpening(({ times }) => ({ opened: true, times: times + 1 }))}
      >
        {t('changeTraffic')}
      </Button>
      {isShared && (
        <Button
          size="xs"
          variant="default"
          loading={shareTraffic.isPending}
          onClick={() =>
            // This button goes with what it ends.
            shareTraffic.mutate({ body: {}, former: traffic }, { onSuccess: () => change.current?.focus() })
          }
        >
          {t('endTraffic')}
        </Button>
      )}
      <TrafficDialog
        // Each time from how it is now.
        key={opening.times}
        model={traffic.model}
        traffic={traffic}
        candidates={candidates}
        opened={opening.opened}
        onClose={() => setOpening(({ times }) => ({ opened: false, times }))}
      />
    </Group>
  );
}
