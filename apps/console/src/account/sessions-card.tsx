/** Signing out on every device: for when one was lost. */
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLogout } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../parts/dialog';
import { ErrorNotice } from '../parts/states';
import { endAllSessions } from '../session/session';
import { useSignOut } from '../session/use-sign-out';
import './texts';

export function SessionsCard() {
  const { t } = useTranslation(['account', 'common']);
  const signOut = useSignOut();
  const [opened, dialog] = useDisclosure(false);
  const leave = useMutation({ mutationFn: endAllSessions, onSuccess: signOut });
  return (
    <Card component="section" aria-label={t('sessions.title')}>
      <Stack align="flex-start">
        <div>
          <Title order={2}>{t('sessions.title')}</Title>
          <Text size="sm" c="dimmed" mt={4}>
            {t('sessions.hint')}
          </Text>
        </div>
        <Button
          variant="default"
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => (leave.reset(), dialog.open())}
        >
          {t('sessions.everywhere')}
        </Button>
      </Stack>
      <Dialog opened={opened} onClose={dialog.close} title={t('sessions.ask')}>
        <Stack>
          <Text size="sm">{t('sessions.consequence')}</Text>
          {leave.isError && <ErrorNotice error={leave.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close} data-autofocus>
              {t('common:cancel')}
            </Button>
            <Button color="alarm" loading={leave.isPending} onClick={() => leave.mutate()}>
              {t('sessions.everywhere')}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Card>
  );
}
