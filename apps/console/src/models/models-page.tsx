import { Badge, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconBox, IconHeartRateMonitor, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { modelsQuery, versionsQuery, type Model } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { ButtonLink, TextLink } from '../parts/links';
import { ModelNotice } from '../parts/notice';
import { Page } from '../parts/page';
import { Empty, QueryState } from '../parts/states';
import { mayActAs, meQuery } from '../session/session';
import { Headlines } from './headlines';
import { LiveBadge } from './live';
import './texts';

const CARD_HEIGHT = 320;

export function ModelsPage() {
  const { t } = useTranslation('models');
  const { data: me } = useQuery(meQuery);
  const models = useQuery(modelsQuery);
  const publish = me && mayActAs(me.role, 'publisher') && (
    <ButtonLink leftSection={<IconUpload size={18} aria-hidden />} to="/models/publish">
      {t('publish')}
    </ButtonLink>
  );
  return (
    <Page title={t('title')} description={t('about')} actions={publish}>
      <QueryState query={models} loading={<Loading />}>
        {(data) =>
          data.length === 0 ? (
            <Empty title={t('noModels')} icon={<IconBox size={28} />} action={publish}>
              {t('noModelsHint')}
            </Empty>
          ) : (
            <SimpleGrid cols={{ base: 1, md: 2 }} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
              {data.map((model) => (
                <li key={model.name}>
                  <ServedModel model={model} />
                </li>
              ))}
            </SimpleGrid>
          )
        }
      </QueryState>
    </Page>
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} role="status" aria-label={t('loading')}>
      {Array.from({ length: 4 }, (_, card) => (
        <Skeleton key={card} height={CARD_HEIGHT} radius="lg" />
      ))}
    </SimpleGrid>
  );
}

function ServedModel({ model }: { readonly model: Model }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const terms = useTerms();
  const versions = useQuery(versionsQuery(model.name));
  return (
    <Card h="100%" mih={CARD_HEIGHT}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <div>
            <Title order={2}>
              <TextLink underline="hover" inherit to="/models/$model" params={{ model: model.name }} search={{}}>
                {terms.modelTitle(model)}
              </TextLink>
            </Title>
            <Text size="sm" c="dimmed" ff="monospace">
              {model.name}
            </Text>
          </div>
          <Badge variant="default" tt="none" style={{ flexShrink: 0 }}>
            {t(`tasks.${model.task}`)}
          </Badge>
        </Group>
        <Group gap="xs">
          {model.activeVersion === null ? (
            <Text size="sm">{t('noneLive')}</Text>
          ) : (
            <>
              <LiveBadge version={model.activeVersion} />
              {model.activatedAt !== null && (
                <Text size="sm" c="dimmed">
                  {t('liveSince', { date: format.date(model.activatedAt), ago: format.ago(model.activatedAt) })}
                </Text>
              )}
            </>
          )}
        </Group>
        {model.description !== null && (
          <Text size="sm" lineClamp={3}>
            {terms.modelDescription(model)}
          </Text>
        )}
        <Headlines metrics={model.metrics} />
        <ModelNotice notice={model.notice} />
        <Group justify="space-between" gap="xs" mt="auto">
          <Text size="sm" c="dimmed">
            {versions.data === undefined ? '…' : t('versionCount', { count: versions.data.length })}
          </Text>
          <Group gap="xs">
            {model.activeVersion !== null && (
              <ButtonLink
                variant="default"
                size="xs"
                leftSection={<IconHeartRateMonitor size={16} aria-hidden />}
                to="/try/$model"
                params={{ model: model.name }}
                search={{}}
              >
                {t('try')}
              </ButtonLink>
            )}
            <ButtonLink variant="light" size="xs" to="/models/$model" params={{ model: model.name }} search={{}}>
              {t('openModel')}
            </ButtonLink>
          </Group>
        </Group>
      </Stack>
    </Card>
  );
}
