import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { anonymous, LatidoProblem } from '../api/latido';
import { usePatientCall } from '../api/use-patient-call';
import { ErrorNotice, WaitingNotice } from '../parts/states';
import { FrontDoor } from './front-door';
import { signIn } from './session';
import './texts';

interface NewAccount {
  readonly username?: string;
  readonly email?: string;
  readonly displayName?: string;
  readonly invitation?: string;
  readonly password: string;
}

function readForm(element: HTMLFormElement): NewAccount {
  const form = new FormData(element);
  const given = (name: string): string | undefined => String(form.get(name) ?? '').trim() || undefined;
  return {
    username: given('username'),
    email: given('email'),
    displayName: given('displayName'),
    invitation: given('invitation'),
    password: String(form.get('password')),
  };
}

export function Register() {
  const { t } = useTranslation('session');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [nameless, setNameless] = useState(false);
  const call = usePatientCall(async (account: NewAccount, signal) => {
    await anonymous.POST('/v1/users', { body: account, signal });
    await signIn(queryClient, (account.username ?? account.email)!, account.password);
    return true;
  });
  const problem = call.error instanceof LatidoProblem ? call.error : undefined;
  const besideFields = (problem?.errors.length ?? 0) > 0;

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const account = readForm(event.currentTarget);
    const missing = account.username === undefined && account.email === undefined;
    setNameless(missing);
    if (missing) return;
    try {
      if (await call.run(account)) await navigate({ to: '/' });
    } catch {
      // Shown beside the fields.
    }
  };

  return (
    <FrontDoor title={t('registerTitle')} hint={t('registerHint')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <TextInput
            name="displayName"
            label={t('displayName')}
            autoComplete="name"
            error={problem?.at('/displayName')}
          />
          <TextInput
            name="username"
            label={t('username')}
            autoComplete="username"
            autoCapitalize="none"
            error={nameless ? t('nameOrEmailNeeded') : problem?.at('/username')}
          />
          <TextInput name="email" type="email" label={t('email')} autoComplete="email" error={problem?.at('/email')} />
          <PasswordInput
            name="password"
            label={t('password')}
            description={t('passwordHint')}
            autoComplete="new-password"
            error={problem?.at('/password')}
          />
          <TextInput
            name="invitation"
            label={t('invitation')}
            description={t('invitationHint')}
            error={problem?.at('/invitation')}
          />
          {call.error !== undefined && !besideFields && <ErrorNotice error={call.error} />}
          {call.againAtMs !== undefined && <WaitingNotice againAtMs={call.againAtMs} onCancel={call.cancel} />}
          <Button type="submit" loading={call.isPending} fullWidth>
            {t('register')}
          </Button>
          <Text size="sm" ta="center">
            {t('haveAccount')}{' '}
            <Anchor component={Link} to="/sign-in" inherit underline="always">
              {t('signIn')}
            </Anchor>
          </Text>
        </Stack>
      </form>
    </FrontDoor>
  );
}
