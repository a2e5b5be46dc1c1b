import { Avatar, Button, Divider, Popover, Stack, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../session/name-of';
import type { Me } from '../session/session';
import { useSignOut } from '../session/use-sign-out';
import { LanguageChoice, ThemeChoice } from './appearance';

export function AccountMenu({ me }: { readonly me: Me }) {
  const { t } = useTranslation();
  const leave = useSignOut();
  const [opened, setOpened] = useState(false);
  const name = nameOf(me);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" withArrow trapFocus shadow="md">
      <Popover.Target>
        <UnstyledButton onClick={() => setOpened((open) => !open)}>
          <VisuallyHidden>{`${t('nav.account')}: ${name}`}</VisuallyHidden>
          <Avatar size={34} color="brand" radius="xl" aria-hidden alt="" name={name} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown w={260} aria-label={t('nav.account')}>
        <Stack gap="sm">
          <div>
            <Text fw={600}>{name}</Text>
            <Text size="sm" c="dimmed">
              {t(`roles.${me.role}`)} · {me.plan}
            </Text>
          </div>
          <LanguageChoice />
          <ThemeChoice />
          <Divider />
          <Button
            component={Link}
            to="/account"
            variant="default"
            leftSection={<IconUserCircle size={16} aria-hidden />}
            onClick={() => setOpened(false)}
          >
            {t('nav.account')}
          </Button>
          <Button variant="default" leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
            {t('signOut')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
