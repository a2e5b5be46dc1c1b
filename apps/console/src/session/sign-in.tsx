import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useEffect, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePatientCall } from '../api/use-patient-call';
import { PasswordField } from '../parts/password-field';
import { ErrorNotice, WaitingNotice } from '../parts/states';
import { FrontDoor } from './front-door';
import { maybeSignedIn, signIn } from './session';
import { useSearch } from '@tanstack/react-router';
import './texts';

export function SignIn() {
  const { t } = useTranslation('session');
  const router = useRouter();
  const queryClient = useQueryClient();
  const { to = '/', ended } = useSearch({ from: '/sign-in' });
  const call = usePatientCall(({ name, password }: { name: string; password: string }) =>
    signIn(queryClient, name, password),
  );

  // Another tab may have signed in meanwhile.
  useEffect(() => {
    if (maybeSignedIn()) router.history.replace(to);
  }, [router, to]);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      await call.run({ name: String(form.get('username')), password: String(form.get('password')) });
    } catch {
      return; // shown
    }
    if (maybeSignedIn()) router.history.replace(to);
  };

  return (
    <FrontDoor title={t('signInTo')} hint={t('about')}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {ended && (
            <Alert color="yellow" variant="light" role="status">
              {t('ended')}
            </Alert>
          )}
          <TextInput
            name="username"
            label={t('name')}
            autoComplete="username"
            required
            autoFocus
            withAsterisk={false}
            autoCapitalize="none"
          />
          <PasswordField
            name="password"
            label={t('password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          {call.error !== undefined && <ErrorNotice error={call.error} />}
          {call.againAtMs !== undefined && <WaitingNotice againAtMs={call.againAtMs} onCancel={call.cancel} />}
          <Button type="submit" loading={call.isPending} fullWidth>
            {t('signIn')}
          </Button>
          <Text size="sm" ta="center">
            {t('noAccount')}{' '}
            <Anchor component={Link} to="/register" inherit underline="always">
              {t('register')}
            </Anchor>
          </Text>
          <Text size="xs" c="dimmed" ta="center">
            {t('firstAdministrator')}
          </Text>
        </Stack>
      </form>
    </FrontDoor>
  );
}
