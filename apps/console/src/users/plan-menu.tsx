/** The plan of an account, as a menu of all plans: two clicks for another one. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '../api/plans';
import { useFormat } from '../i18n/format';
import { nameOf } from '../session/name-of';
import { ActionMenu } from '../parts/action-menu';
import type { Account } from './queries';
import { useAccountChange } from './use-account-change';
import './texts';

interface PlanMenuProps {
  readonly account: Account;
  readonly plans: readonly Plan[];
}

export function PlanMenu({ account, plans }: PlanMenuProps) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const { change, shown } = useAccountChange(account);
  return (
    <ActionMenu position="bottom-start">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          rightSection={<IconChevronDown size={14} aria-hidden />}
          aria-label={t('planOf', { plan: shown.plan, name: nameOf(account) })}
        >
          {shown.plan}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={shown.plan} onChange={(plan) => change({ plan })}>
          {plans.map(({ name, requestsPerMinute }) => (
            <Menu.RadioItem key={name} value={name} closeMenuOnClick>
              {t('planOption', { name, count: requestsPerMinute, requests: format.number(requestsPerMinute) })}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </ActionMenu>
  );
}
