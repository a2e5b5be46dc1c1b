import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconHeartRateMonitor, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { modelQuery, versionsQuery, type Model, type ModelVersionSummary } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { ButtonLink, TextLink } from '../parts/links';
import { ModelNotice } from '../parts/notice';
import { Page } from '../parts/page';
import { Loading, QueryState } from '../parts/states';
import { Trail } from '../parts/trail';
import { ActivationDialog } from './activation';
import { Comparison, type Choices } from './comparison';
import { InService, LiveNow } from './in-service';
import { chosenPair } from './pair';
import { useModelRights } from './roles';
import './texts';
import { VersionsTable } from './versions-table';

export function ModelPage() {
  const { t } = useTranslation('models');
  const { model: name } = useParams({ from: '/inside/models/$model' });
  const model = useQuery(modelQuery(name));
  const { mayPublish } = useModelRights();
  const terms = useTerms();
  const title = terms.modelTitle(model.data ?? name);
  const actions = (
    <Group gap="xs">
      {model.data && model.data.activeVersion !== null && (
        <ButtonLink
          variant="default"
          leftSection={<IconHeartRateMonitor size={18} aria-hidden />}
          to="/try/$model"
          params={{ model: name }}
          search={{}}
        >
          {t('try')}
        </ButtonLink>
      )}
      {mayPublish && (
        <ButtonLink
          variant="default"
          leftSection={<IconUpload size={18} aria-hidden />}
          to="/models/publish"
          search={{ model: name }}
        >
          {t('publish')}
        </ButtonLink>
      )}
    </Group>
  );
  return (
    <Page
      title={title}
      description={model.data && terms.modelDescription(model.data)}
      actions={actions}
      trail={
        <Trail here={title}>
          <TextLink to="/models">{t('title')}</TextLink>
        </Trail>
      }
    >
      <QueryState query={model} loading={<Loading lines={10} height={44} />}>
        {(data) => <ModelDetails model={data} />}
      </QueryState>
    </Page>
  );
}

function ModelDetails({ model }: { readonly model: Model }) {
  const { t } = useTranslation('models');
  const versions = useQuery(versionsQuery(model.name));
  return (
    <Stack gap="xl">
      <Stack gap="md">
        <Group gap="xs">
          <Badge variant="default" tt="none">
            {t(`tasks.${model.task}`)}
          </Badge>
          <Text size="sm" c="dimmed" ff="monospace">
            {model.name}
          </Text>
        </Group>
        <ModelNotice notice={model.notice} />
        <LiveNow model={model} />
      </Stack>
      <QueryState query={versions} loading={<Loading lines={6} height={48} />}>
        {(data) => <Versions model={model} versions={data} />}
      </QueryState>
    </Stack>
  );
}

interface VersionsProps {
  readonly model: Model;
  readonly versions: readonly ModelVersionSummary[];
}

function Versions({ model, versions }: VersionsProps) {
  const { t } = useTranslation('models');
  const terms = useTerms();
  const choices = useSearch({ from: '/inside/models/$model' });
  const navigate = useNavigate({ from: '/models/$model' });
  const { mayActivate } = useModelRights();
  const [activating, setActivating] = useState({ version: '', opened: false, times: 0 });
  const comparison = useRef<HTMLHeadingElement>(null);
  const activatedLink = useRef<HTMLAnchorElement>(null);
  const pair = chosenPair(versions, choices);
  const choose = (search: Choices): void => void navigate({ search, replace: true, resetScroll: false });
  const classTitle = (name: string): string =>
    terms.classTitle(model.name, model.output.classes?.find((found) => found.name === name) ?? name);
  const compare = (version: string): void => {
    const live = versions.find(({ active }) => active)?.version;
    choose({ ...choices, a: live === version ? undefined : live, b: version });
    comparison.current?.focus();
  };
  return (
    <>
      <Stack gap="md">
        <Title order={2}>{t('versions')}</Title>
        <Card padding={0}>
          <VersionsTable
            versions={versions}
            chosen={activating.version}
            chosenLink={activatedLink}
            onCompare={pair && compare}
            onActivate={
              mayActivate
                ? (version) => setActivating(({ times }) => ({ version, opened: true, times: times + 1 }))
                : undefined
            }
          />
        </Card>
        <ActivationDialog
          key={activating.times}
          model={model.name}
          version={activating.version}
          opened={activating.opened}
          former={model.activeVersion}
          onClose={() => setActivating((state) => ({ ...state, opened: false }))}
          // The row's button went with the activation.
          onActivated={() => activatedLink.current?.focus()}
        />
      </Stack>
      <InService model={model} versions={versions} />
      <Stack gap="md">
        <Title order={2} ref={comparison} tabIndex={-1}>
          {t('comparison')}
        </Title>
        {pair ? (
          <Comparison
            model={model.name}
            versions={versions}
            pair={pair}
            choices={choices}
            onChoose={choose}
            classTitle={classTitle}
          />
        ) : (
          <Text c="dimmed">{t('oneVersion')}</Text>
        )}
      </Stack>
    </>
  );
}
