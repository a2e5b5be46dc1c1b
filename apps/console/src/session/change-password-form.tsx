import { Button, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { latido, LatidoProblem } from '../api/latido';
import { usePatientCall } from '../api/use-patient-call';
import { PasswordField } from '../parts/password-field';
import { ErrorNotice, WaitingNotice } from '../parts/states';
import { SHORTEST_PASSWORD } from './password-rule';
import { meQuery } from './session';
import './texts';

interface ChangePasswordFormProps {
  readonly currentLabel: string;
  readonly submitLabel: string;
  readonly onChanged: () => void;
}

/** The new password ends all other sessions; this one goes on. */
export function ChangePasswordForm({ currentLabel, submitLabel, onChanged }: ChangePasswordFormProps) {
  const { t } = useTranslation('session');
  const queryClient = useQueryClient();
  const [faults, setFaults] = useState<{ readonly short?: boolean; readonly differ?: boolean }>({});
  const call = usePatientCall(async (body: { currentPassword: string; newPassword: string }, signal) => {
    await latido.PATCH('/v1/me', { body, signal });
    // Also where no page shows it: what is kept would say that a new one is still to be chosen.
    await queryClient.invalidateQueries({ queryKey: meQuery.queryKey, refetchType: 'all' });
    return true;
  });
  const problem = call.error instanceof LatidoProblem ? call.error : undefined;
  const currentFault =
    problem?.at('/currentPassword') ?? (problem?.code === 'WRONG_PASSWORD' ? problem.detail : undefined);
  const newFault = problem?.at('/newPassword');

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const newPassword = String(form.get('newPassword'));
    const found = {
      short: newPassword.length < SHORTEST_PASSWORD,
      differ: newPassword !== String(form.get('repeated')),
    };
    setFaults(found);
    call.reset();
    if (found.short || found.differ) return;
    try {
      if (!(await call.run({ currentPassword: String(form.get('currentPassword')), newPassword }))) return;
    } catch {
      return; // shown
    }
    element.reset();
    onChanged();
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <PasswordField
          name="currentPassword"
          label={currentLabel}
          autoComplete="current-password"
          required
          withAsterisk={false}
          error={currentFault}
        />
        <PasswordField
          name="newPassword"
          label={t('newPassword')}
          description={t('passwordHint')}
          autoComplete="new-password"
          required
          withAsterisk={false}
          error={faults.short ? t('passwordTooShort') : newFault}
        />
        <PasswordField
          name="repeated"
          label={t('repeatPassword')}
          autoComplete="new-password"
          required
          withAsterisk={false}
          error={faults.differ ? t('passwordsDiffer') : undefined}
        />
        {call.error !== undefined && currentFault === undefined && newFault === undefined && (
          <ErrorNotice error={call.error} />
        )}
        {call.againAtMs !== undefined && <WaitingNotice againAtMs={call.againAtMs} onCancel={call.cancel} />}
        <Button type="submit" loading={call.isPending}>
          {submitLabel}
        </Button>
      </Stack>
    </form>
  );
}
