/** Where an address leads nowhere, or a page could not be shown. */
import { Button, Container } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty, ErrorNotice } from '../parts/states';
import { usePageTitle } from '../parts/use-page-title';

/** The whole page, for those who are not signed in. */
export function NotFound() {
  return (
    <Container size="xs" py="xl" component="main">
      <NothingHere />
    </Container>
  );
}

export function NothingHere() {
  const { t } = useTranslation();
  usePageTitle(t('notFound'));
  return (
    <Empty
      order={1}
      title={t('notFound')}
      icon={<IconMapOff size={28} />}
      action={
        <Button component={Link} to="/">
          {t('toStart')}
        </Button>
      }
    >
      {t('notFoundHint')}
    </Empty>
  );
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <Container size="sm" py="xl">
      <ErrorNotice error={error} onRetry={again} />
    </Container>
  );
}
