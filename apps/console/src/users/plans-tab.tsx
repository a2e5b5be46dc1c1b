/** What each plan allows, and changing it. */
import { Alert, Button, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconInfoCircle, IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plansQuery, type Plan } from '../api/plans';
import { useFormat } from '../i18n/format';
import { Dialog } from '../parts/dialog';
import { Facts } from '../parts/facts';
import { TextLink } from '../parts/links';
import { QueryState } from '../parts/states';
import { PlanForm } from './plan-form';
import { LIMITS } from './plan-limits';
import './texts';

export function PlansTab() {
  const { t } = useTranslation('users');
  const plans = useQuery(plansQuery);
  return (
    <Stack>
      <Alert color="brand" variant="light" icon={<IconInfoCircle aria-hidden />} py="xs">
        {t('plansHint')}
      </Alert>
      <QueryState query={plans} loading={<Skeleton height={260} radius="lg" />}>
        {(all) => (
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            {all.map((plan) => (
              <PlanCard key={plan.name} plan={plan} />
            ))}
          </SimpleGrid>
        )}
      </QueryState>
    </Stack>
  );
}

function PlanCard({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const [isEdited, setEdited] = useState(false);
  const close = (): void => setEdited(false);
  const title = t('changePlan', { plan: plan.name });
  return (
    <Card component="section" aria-label={plan.name}>
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{plan.name}</Title>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={14} aria-hidden />}
            aria-label={title}
            onClick={() => setEdited(true)}
          >
            {t('change')}
          </Button>
        </Group>
        <Facts
          items={LIMITS.map((limit) => [
            t(`limits.${limit}`),
            <>
              {format.number(plan[limit])}
              <Text size="xs" c="dimmed">
                {t(`limitHints.${limit}`)}
              </Text>
            </>,
          ])}
        />
        <Group justify="space-between">
          <TextLink to="/users" search={{ plan: plan.name }}>
            {t('withThisPlan')}
          </TextLink>
          <Text size="xs" c="dimmed">
            {t('changedOn', { time: format.dateTime(plan.updatedAt) })}
          </Text>
        </Group>
      </Stack>
      <Dialog opened={isEdited} title={title} onClose={close}>
        <PlanForm plan={plan} onClose={close} />
      </Dialog>
    </Card>
  );
}
