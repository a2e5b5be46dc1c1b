/** Filters as compact controls; each change stands in the address at once. */
import { Button, Group, Select, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { modelsQuery, versionsQuery } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { Person } from '../parts/person';
import { dayOf, isFiltered, type Filters } from './filters';
import './texts';

interface FilterBarProps {
  readonly filters: Filters;
  readonly seesAll: boolean;
  readonly onChange: (filters: Filters) => void;
}

export function FilterBar({ filters, seesAll, onChange }: FilterBarProps) {
  const { t } = useTranslation('predictions');
  const terms = useTerms();
  const { data: models = [] } = useQuery(modelsQuery);
  const { data: versions = [] } = useQuery({
    ...versionsQuery(filters.model ?? ''),
    enabled: filters.model !== undefined,
  });
  const model = models.find(({ name }) => name === filters.model);
  const classes = model?.output.classes ?? [];
  const change = (changed: Partial<Filters>): void => onChange({ ...filters, ...changed });
  return (
    <Group gap="sm" align="flex-end" role="group" aria-label={t('filters')}>
      <Select
        label={t('model')}
        w={{ base: '100%', xs: 190 }}
        value={filters.model ?? ''}
        data={withAny(
          t('anyModel'),
          filters.model,
          models.map((one) => ({ value: one.name, label: terms.modelTitle(one) })),
        )}
        onChange={(name) => change({ model: name || undefined, version: undefined, label: undefined })}
      />
      <Select
        label={t('version')}
        w={{ base: 'calc(50% - 6px)', xs: 132 }}
        disabled={filters.model === undefined}
        value={filters.version ?? ''}
        data={withAny(
          t('anyVersion'),
          filters.version,
          versions.map(({ version }) => ({ value: version, label: version })),
        )}
        onChange={(version) => change({ version: version || undefined })}
      />
      <Select
        label={t('label')}
        w={{ base: 'calc(50% - 6px)', xs: 168 }}
        disabled={classes.length === 0}
        title={filters.model === undefined ? t('labelNeedsModel') : undefined}
        value={filters.label ?? ''}
        data={withAny(
          t('anyLabel'),
          filters.label,
          classes.map((one) => ({ value: one.name, label: terms.classTitle(filters.model!, one) })),
        )}
        onChange={(label) => change({ label: label || undefined })}
      />
      <TextInput
        type="date"
        label={t('from')}
        w={{ base: 'calc(50% - 6px)', xs: 142 }}
        value={dayOf(filters.from)}
        max={dayOf(filters.to) || undefined}
        onChange={(event) => change({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label={t('to')}
        w={{ base: 'calc(50% - 6px)', xs: 142 }}
        value={dayOf(filters.to)}
        min={dayOf(filters.from) || undefined}
        onChange={(event) => change({ to: event.currentTarget.value || undefined })}
      />
      {seesAll && (
        <Switch
          label={t('mine')}
          mb={8}
          checked={filters.mine === true}
          onChange={(event) => change({ mine: event.currentTarget.checked || undefined, userId: undefined })}
        />
      )}
      {seesAll && filters.userId !== undefined && (
        <Text size="sm" mb={8}>
          {t('of')} <Person userId={filters.userId} />
        </Text>
      )}
      {isFiltered(filters) && (
        <Button variant="subtle" onClick={() => onChange({})}>
          {t('clear')}
        </Button>
      )}
    </Group>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

/** One that the address names is among them, also where nobody serves it any more. */
function withAny(any: string, chosen: string | undefined, options: readonly Option[]): Option[] {
  const known = chosen === undefined || options.some(({ value }) => value === chosen);
  return [{ value: '', label: any }, ...options, ...(known ? [] : [{ value: chosen, label: chosen }])];
}
