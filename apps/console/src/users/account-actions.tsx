/** What else a row of the list can do. */
import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconDots, IconUserCheck, IconUserOff, IconUserSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../session/name-of';
import { ActionMenu } from '../parts/action-menu';
import type { Account } from './queries';
import { useAccountChange } from './use-account-change';
import './texts';

interface AccountActionsProps {
  readonly account: Account;
  readonly isOwn: boolean;
}

export function AccountActions({ account, isOwn }: AccountActionsProps) {
  const { t } = useTranslation(['users', 'common']);
  const { change, shown } = useAccountChange(account);
  const isActive = shown.status === 'active';
  return (
    <ActionMenu position="bottom-end" width={250}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('actionsFor', { name: nameOf(account) })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconUserSearch size={16} aria-hidden />}
          renderRoot={(props) => <Link {...props} to="/users/$id" params={{ id: account.id }} />}
        >
          {t('common:details')}
        </Menu.Item>
        <Menu.Item
          leftSection={isActive ? <IconUserOff size={16} aria-hidden /> : <IconUserCheck size={16} aria-hidden />}
          disabled={isOwn}
          onClick={() => change({ status: isActive ? 'suspended' : 'active' })}
        >
          {t(isActive ? 'suspend' : 'reactivate')}
        </Menu.Item>
        {isOwn && (
          <Text size="xs" c="dimmed" px="sm" pb="xs">
            {t('ownStatus')}
          </Text>
        )}
      </Menu.Dropdown>
    </ActionMenu>
  );
}
