/** Changing one thing of an account at once, with a way back. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dataOf, latido } from '../api/latido';
import { useErrorText } from '../parts/states';
import { showDone, showFailed } from '../parts/undo';
import { nameOf } from '../session/name-of';
import type { Account } from './queries';
import './texts';

/** One of the three, and what it shall be. */
export type AccountChange =
  { readonly plan: string } | { readonly role: Account['role'] } | { readonly status: Account['status'] };

async function put(id: string, change: AccountChange): Promise<void> {
  const params = { path: { id } };
  if ('plan' in change) await dataOf(latido.PUT('/v1/users/{id}/subscription', { params, body: change }));
  else await dataOf(latido.PATCH('/v1/users/{id}', { params, body: change }));
}

function formerOf(account: Account, change: AccountChange): AccountChange {
  if ('plan' in change) return { plan: account.plan };
  return 'role' in change ? { role: account.role } : { status: account.status };
}

const isAsChanged = (account: Account, change: AccountChange): boolean =>
  Object.entries(change).every(([field, value]) => account[field as keyof Account] === value);

interface AccountChanging {
  /** What the account already has changes nothing; nor does anything while a change is under way. */
  readonly change: (change: AccountChange) => void;
  /** The account as it will be, so that a control which was used need not be disabled, and lose the focus, until the server has answered. */
  readonly shown: Account;
}

export function useAccountChange(account: Account): AccountChanging {
  const { t } = useTranslation(['users', 'common']);
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const { id } = account;
  const name = nameOf(account);
  const refresh = () =>
    Promise.all(
      // The account stands in lists and by itself; the record has one event more; one's own plan stands in the menu.
      [['users'], ['audit', 'events'], ['me']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
  const doneText = (change: AccountChange): string => {
    if ('plan' in change) return t('done.plan', { name, plan: change.plan });
    if ('role' in change) return t('done.role', { name, role: t(`common:roles.${change.role}`) });
    return t(`done.${change.status}`, { name });
  };
  const undo = async (change: AccountChange, former: AccountChange): Promise<void> => {
    try {
      const now = await dataOf(latido.GET('/v1/users/{id}', { params: { path: { id } } }));
      // Somebody else was faster: theirs is not undone.
      if (!isAsChanged(now, change)) showFailed(t('undoTooLate', { name }));
      else {
        await put(id, former);
        showDone(doneText(former));
      }
    } catch (error) {
      showFailed(errorText(error));
    }
    await refresh();
  };
  const { mutate, isPending, variables } = useMutation({
    mutationFn: (change: AccountChange) => put(id, change),
    onSuccess: async (_, change) => {
      const former = formerOf(account, change);
      showDone(doneText(change), () => undo(change, former));
      await refresh();
    },
    onError: (error) => showFailed(errorText(error)),
  });
  return {
    change: (change) => {
      if (!isPending && !isAsChanged(account, change)) mutate(change);
    },
    shown: isPending ? { ...account, ...variables } : account,
  };
}
