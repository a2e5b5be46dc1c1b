import { Button, Group, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { IconFilter, IconFilterOff } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { instantOf, toTimeField } from '../i18n/local-time';
import { filtersOf, isUuid, type FilterSearch } from './event-filter';
import {
  actionsOf,
  actorKinds,
  knownAction,
  knownActorKind,
  knownTargetType,
  SUBJECTS,
  targetTypes,
} from './vocabulary';

const route = getRouteApi('/inside/audit');
/** Who types an id is not asked for after each letter. */
const TYPED_MS = 400;

/** An address may say anything. */
function timeField(text: string | undefined): string {
  const instant = instantOf(text);
  return instant ? toTimeField(instant) : '';
}

/** The sentence without those whom it is about: "Changed the plan of … from … to …". */
function actionLabel(t: TFunction<'audit'>, action: NonNullable<ReturnType<typeof knownAction>>): string {
  const sentence = t(`sentences.${action}`, { skipInterpolation: true })
    .replace(/^<who\/> /, '')
    .replace(/<\w+\/>|\{\{\w+\}\}/g, '…');
  return sentence.charAt(0).toLocaleUpperCase() + sentence.slice(1);
}

export function EventFilterFields() {
  const { t } = useTranslation(['audit', 'common']);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState({ targetId: search.targetId ?? '', actorId: search.actorId ?? '' });
  // On a phone they would fill the screen.
  const [opened, setOpened] = useState(false);
  const filter = (change: FilterSearch): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const filterTyped = useDebouncedCallback(filter, TYPED_MS);
  const type = (name: keyof typeof typed, value: string): void => {
    setTyped((before) => ({ ...before, [name]: value }));
    filterTyped({ [name]: value.trim() || undefined });
  };
  const clear = (): void => {
    setTyped({ targetId: '', actorId: '' });
    void navigate({ search: {}, replace: true });
  };
  const active = Object.values(filtersOf(search)).filter((value) => value !== undefined).length;
  const actorFault = typed.actorId.trim() !== '' && !isUuid(typed.actorId.trim());
  const any = { placeholder: t('common:all'), clearable: true, clearButtonProps: { 'aria-label': t('common:all') } };

  return (
    <div role="search" aria-label={t('filters')}>
      <Button
        variant="default"
        hiddenFrom="sm"
        mb={opened ? 'sm' : 0}
        leftSection={<IconFilter size={16} aria-hidden />}
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        {active === 0 ? t('filters') : t('showFilters', { count: active })}
      </Button>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} display={{ base: opened ? 'grid' : 'none', sm: 'grid' }}>
        <Select
          {...any}
          label={t('action')}
          searchable
          value={knownAction(search.action) ?? null}
          onChange={(value) => filter({ action: value ?? undefined })}
          data={SUBJECTS.map((subject) => ({
            group: t(`subjects.${subject}`),
            items: actionsOf(subject).map((action) => ({ value: action, label: actionLabel(t, action) })),
          }))}
        />
        <Select
          {...any}
          label={t('targetType')}
          value={knownTargetType(search.targetType) ?? null}
          onChange={(value) => filter({ targetType: value ?? undefined })}
          data={targetTypes.map((one) => ({ value: one, label: t(`targets.${one}`) }))}
        />
        <TextInput
          label={t('targetId')}
          value={typed.targetId}
          maxLength={200}
          onChange={(event) => type('targetId', event.currentTarget.value)}
        />
        <Select
          {...any}
          label={t('actorKind')}
          value={knownActorKind(search.actorKind) ?? null}
          onChange={(value) => filter({ actorKind: value ?? undefined })}
          data={actorKinds.map((one) => ({ value: one, label: t(`actors.${one}`) }))}
        />
        <TextInput
          label={t('actorId')}
          value={typed.actorId}
          error={actorFault ? t('notAnId') : undefined}
          onChange={(event) => type('actorId', event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t('common:from')}
          value={timeField(search.from)}
          onChange={(event) => filter({ from: instantOf(event.currentTarget.value)?.toISOString() })}
        />
        <TextInput
          type="datetime-local"
          label={t('common:to')}
          value={timeField(search.to)}
          onChange={(event) => filter({ to: instantOf(event.currentTarget.value)?.toISOString() })}
        />
        <Group align="flex-end">
          <Button variant="default" leftSection={<IconFilterOff size={16} aria-hidden />} onClick={clear}>
            {t('clearFilters')}
          </Button>
        </Group>
      </SimpleGrid>
    </div>
  );
}
