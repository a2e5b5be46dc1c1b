import { Badge, Button, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { modelsQuery, type Model } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { ButtonLink } from '../parts/links';
import { ModelNotice } from '../parts/notice';
import { Page } from '../parts/page';
import { Empty, QueryState } from '../parts/states';
import { TOUR_MODEL, useTour, type Tour } from './tour';
import './texts';

const CARD_HEIGHT = 260;

export function TryPage() {
  const { t } = useTranslation('try');
  const models = useQuery(modelsQuery);
  const tour = useTour();
  return (
    <Page title={t('title')} description={t('choose')}>
      <QueryState query={models} loading={<CardsLoading />}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={t('noModels')}>{t('noModelsHint')}</Empty>
          ) : (
            <Stack gap="lg">
              {list.some(({ name, activeVersion }) => name === TOUR_MODEL && activeVersion !== null) && (
                <TourOffer tour={tour} />
              )}
              <SimpleGrid
                cols={{ base: 1, sm: 2 }}
                spacing="lg"
                component="ul"
                p={0}
                m={0}
                style={{ listStyle: 'none' }}
              >
                {list.map((model) => (
                  <ModelCard key={model.name} model={model} />
                ))}
              </SimpleGrid>
            </Stack>
          )
        }
      </QueryState>
    </Page>
  );
}

function TourOffer({ tour }: { readonly tour: Tour }) {
  const { t } = useTranslation('try');
  if (!tour.step) return null;
  return (
    <Card component="section" aria-labelledby="tour-offer">
      <Group justify="space-between" gap="md">
        <div>
          <Title order={2} id="tour-offer">
            {t('tour.offerTitle')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('tour.offer')}
          </Text>
        </div>
        <Group gap="xs">
          <ButtonLink to="/try/$model" params={{ model: TOUR_MODEL }} search={{}}>
            {t('tour.start')}
          </ButtonLink>
          <Button variant="subtle" onClick={tour.end}>
            {t('tour.dismiss')}
          </Button>
        </Group>
      </Group>
    </Card>
  );
}

function ModelCard({ model }: { readonly model: Model }) {
  const { t } = useTranslation('try');
  const terms = useTerms();
  const title = terms.modelTitle(model);
  const { name, activeVersion, observations, inputs } = model;
  return (
    <Card component="li" mih={CARD_HEIGHT}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" gap="xs">
          <Title order={2}>{title}</Title>
          {activeVersion !== null && (
            <Badge variant="light" tt="none">
              {t('versionBadge', { version: activeVersion })}
            </Badge>
          )}
        </Group>
        <Group gap="xs">
          <Badge variant="default" tt="none">
            {t(`tasks.${model.task}`)}
          </Badge>
          {inputs.length > 0 && (
            <Badge variant="default" tt="none">
              {t('inputsCount', { count: inputs.length })}
            </Badge>
          )}
          {observations && (
            <Badge variant="default" tt="none">
              {t('signalsCount', { count: observations.signals.length })}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {terms.modelDescription(model)}
        </Text>
        <Stack gap="sm" mt="auto">
          <ModelNotice notice={model.notice} />
          {activeVersion === null ? (
            <Text size="sm" c="dimmed">
              {t('noVersion')}
            </Text>
          ) : (
            <Group>
              <ButtonLink
                to="/try/$model"
                params={{ model: name }}
                search={{}}
                variant="light"
                rightSection={<IconArrowRight size={16} aria-hidden />}
                aria-label={`${t('open')}: ${title}`}
              >
                {t('open')}
              </ButtonLink>
            </Group>
          )}
        </Stack>
      </Stack>
    </Card>
  );
}

function CardsLoading() {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" role="status" aria-label={t('loading')}>
      {Array.from({ length: 4 }, (_, card) => (
        <Skeleton key={card} height={CARD_HEIGHT} radius="lg" />
      ))}
    </SimpleGrid>
  );
}
