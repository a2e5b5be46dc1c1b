import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { anonymous, LatidoProblem } from '../api/latido';
import { usePatientCall } from '../api/use-patient-call';
import { PasswordField } from '../parts/password-field';
import { ErrorNotice, WaitingNotice } from '../parts/states';
import { FrontDoor } from './front-door';
import { SHORTEST_PASSWORD } from './password-rule';
import { signIn } from './session';
import './texts';

interface NewAccount {
  readonly username?: string;
  readonly email?: string;
  readonly displayName?: string;
  readonly invitation?: string;
  readonly password: string;
}

/** What the page finds itself, and says in one's own language. */
interface Faults {
  readonly username?: boolean;
  readonly email?: boolean;
  readonly password?: boolean;
}

/** What is no address at all; whether it is one, the server says. */
const EMAIL = /^[^\s@]+@[^\s@]+$/;

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
  const { t } = useTranslation(['session', 'common']);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [faults, setFaults] = useState<Faults>({});
  const call = usePatientCall(async (account: NewAccount, signal) => {
    await anonymous.POST('/v1/users', { body: account, signal });
    await signIn(queryClient, (account.username ?? account.email)!, account.password);
    return true;
  });
  const problem = call.error instanceof LatidoProblem ? call.error : undefined;
  // The server speaks one language.
  const refusal = (pointer: string): ReactNode => {
    const said = problem?.at(pointer);
    return said === undefined ? undefined : <span lang="en">{said}</span>;
  };
  const besideFields = (problem?.errors.length ?? 0) > 0;

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const account = readForm(event.currentTarget);
    const found: Faults = {
      username: account.username === undefined && account.email === undefined,
      email: account.email !== undefined && !EMAIL.test(account.email),
      password: account.password.length < SHORTEST_PASSWORD,
    };
    setFaults(found);
    call.reset();
    if (Object.values(found).includes(true)) return;
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
            label={`${t('displayName')} (${t('common:optional')})`}
            autoComplete="name"
            error={refusal('/displayName')}
          />
          <TextInput
            name="username"
            label={t('username')}
            description={t('usernameHint')}
            autoComplete="username"
            autoCapitalize="none"
            error={faults.username ? t('nameOrEmailNeeded') : refusal('/username')}
          />
          <TextInput
            name="email"
            type="email"
            label={t('email')}
            autoComplete="email"
            error={faults.email ? t('emailNeeded') : refusal('/email')}
          />
          <PasswordField
            name="password"
            label={t('password')}
            description={t('passwordHint')}
            autoComplete="new-password"
            error={faults.password ? t('passwordTooShort') : refusal('/password')}
          />
          <TextInput
            name="invitation"
            label={t('invitation')}
            description={t('invitationHint')}
            error={refusal('/invitation')}
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
