/** Navigation around the pages of those who are signed in. */
import { AppShell, Badge, Burger, Group, NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { IconExternalLink } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { mayActAs, meQuery } from '../session/session';
import { AccountMenu } from './account-menu';
import { Logo } from './logo';
import { OfflineBanner } from './offline-banner';
import { PAGES } from './pages';

/** After a change of page, who reads by keyboard or ear begins at the content (WCAG 2.4.3). */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);
  return { main, path };
}

export function Shell() {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  const [opened, navigation] = useDisclosure(false);
  const { main, path } = useFocusOnNewPage();
  const { close } = navigation;
  useEffect(() => close(), [path, close]);
  if (!me) return null;

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#content">
        {t('skipToContent')}
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={navigation.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? t('closeNavigation') : t('openNavigation')}
              aria-expanded={opened}
            />
            <Logo />
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Badge variant="light" visibleFrom="xs">
              {me.plan}
            </Badge>
            <AccountMenu me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t('navigation')}>
        <AppShell.Section grow component={ScrollArea}>
          <Stack gap={2}>
            {PAGES.filter(({ role }) => mayActAs(me.role, role ?? me.role)).map(({ name, to, Icon }) => (
              <NavLink
                key={to}
                className="nav-link"
                component={Link}
                to={to}
                label={t(`nav.${name}`)}
                leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
                active={path === to || path.startsWith(`${to}/`)}
                style={{ borderRadius: 'var(--mantine-radius-md)' }}
              />
            ))}
          </Stack>
        </AppShell.Section>
        <AppShell.Section>
          <NavLink
            component="a"
            href="/docs"
            label={t('nav.api')}
            leftSection={<IconExternalLink size={18} stroke={1.6} aria-hidden />}
            style={{ borderRadius: 'var(--mantine-radius-md)' }}
          />
          <Text size="xs" c="dimmed" px="sm" pt="xs">
            {t('notClinical')}
          </Text>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" ref={main} tabIndex={-1}>
        <OfflineBanner />
        <div style={{ maxWidth: 1240, marginInline: 'auto' }}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}
