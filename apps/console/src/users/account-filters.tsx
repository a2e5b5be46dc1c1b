/** Search and filters of the list; what is chosen stands in the address. */
import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plansQuery } from '../api/plans';
import { filtersOf, isFiltered, LONGEST_QUERY, ROLES, STATUSES, type AccountSearch } from './filters';
import './texts';

const route = getRouteApi('/inside/users');
const TYPED_MS = 300;

export function AccountFilterFields() {
  const { t } = useTranslation(['users', 'common']);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: plans = [] } = useQuery(plansQuery);
  const [text, setText] = useState(search.q ?? '');
  const filters = filtersOf(search);
  const filter = (changed: AccountSearch): void =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true, resetScroll: false });
  const filterTyped = useDebouncedCallback((q: string) => filter({ q: q.trim() || undefined }), TYPED_MS);
  const planNames = plans.map(({ name }) => name);
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label={t('filters')}>
      <TextInput
        type="search"
        label={t('search')}
        placeholder={t('searchHint')}
        leftSection={<IconSearch size={16} aria-hidden />}
        w={{ base: '100%', sm: 300 }}
        maxLength={LONGEST_QUERY}
        autoComplete="off"
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          filterTyped(value);
        }}
      />
      <Select
        label={t('plan')}
        w={{ base: 'calc(50% - 6px)', sm: 150 }}
        value={filters.plan ?? ''}
        data={[
          { value: '', label: t('common:all') },
          // One that the address names is among them, also where there is no such plan.
          ...[...new Set([...planNames, ...(filters.plan === undefined ? [] : [filters.plan])])],
        ]}
        onChange={(plan) => filter({ plan: plan || undefined })}
      />
      <Select
        label={t('role')}
        w={{ base: 'calc(50% - 6px)', sm: 160 }}
        value={filters.role ?? ''}
        data={[
          { value: '', label: t('common:all') },
          ...ROLES.map((value) => ({ value, label: t(`common:roles.${value}`) })),
        ]}
        onChange={(role) => filter({ role: role || undefined })}
      />
      <Select
        label={t('status')}
        w={{ base: 'calc(50% - 6px)', sm: 150 }}
        value={filters.status ?? ''}
        data={[
          { value: '', label: t('anyStatus') },
          ...STATUSES.map((value) => ({ value, label: t(`common:states.${value}`) })),
        ]}
        onChange={(status) => filter({ status: status || undefined })}
      />
      {isFiltered(filters) && (
        <Button
          variant="subtle"
          onClick={() => {
            filterTyped.cancel();
            setText('');
            filter({ q: undefined, plan: undefined, role: undefined, status: undefined });
          }}
        >
          {t('clear')}
        </Button>
      )}
    </Group>
  );
}
