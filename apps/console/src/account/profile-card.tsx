/** Under which name one is shown, and what an administrator alone changes. */
import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { dataOf, latido, LatidoProblem } from '../api/latido';
import { useFormat } from '../i18n/format';
import { Facts } from '../parts/facts';
import { ErrorNotice } from '../parts/states';
import { showDone } from '../parts/undo';
import { meQuery, type Me } from '../session/session';
import './texts';

const LONGEST_NAME = 100;

export function ProfileCard() {
  const { t } = useTranslation(['account', 'common']);
  const format = useFormat();
  const { data: me } = useQuery(meQuery);
  if (!me) return null; // the page around it has it already
  return (
    <Card component="section" aria-label={t('profile.title')}>
      <Stack>
        <Title order={2}>{t('profile.title')}</Title>
        <Facts
          items={[
            [t('profile.username'), me.username],
            [t('profile.email'), me.email],
            [
              t('profile.role'),
              <>
                {t(`common:roles.${me.role}`)}
                <Text size="xs" c="dimmed">
                  {t(`profile.roleHints.${me.role}`)}
                </Text>
              </>,
            ],
            [t('profile.since'), format.date(me.createdAt)],
          ]}
        />
        <NameForm me={me} />
      </Stack>
    </Card>
  );
}

function NameForm({ me }: { readonly me: Me }) {
  const { t } = useTranslation(['account', 'common']);
  const queryClient = useQueryClient();
  const [name, setName] = useState(me.displayName ?? '');
  const rename = useMutation({
    mutationFn: (displayName: string | null) => dataOf(latido.PATCH('/v1/me', { body: { displayName } })),
    onSuccess: (_, displayName) => {
      queryClient.setQueryData(meQuery.queryKey, (before) => before && { ...before, displayName });
      showDone(t('profile.saved'));
    },
  });
  const fault = rename.error instanceof LatidoProblem ? rename.error.at('/displayName') : undefined;
  const wanted = name.trim() || null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    rename.mutate(wanted);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm" wrap="nowrap">
          <TextInput
            flex={1}
            name="displayName"
            label={t('profile.displayName')}
            autoComplete="name"
            maxLength={LONGEST_NAME}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fault !== undefined}
          />
          <Button type="submit" variant="default" loading={rename.isPending} disabled={wanted === me.displayName}>
            {t('common:save')}
          </Button>
        </Group>
        {fault !== undefined && (
          <Text size="sm" c="red" role="alert">
            {fault}
          </Text>
        )}
        {rename.isError && fault === undefined && <ErrorNotice error={rename.error} />}
      </Stack>
    </form>
  );
}
