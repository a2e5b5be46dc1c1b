import { notifications } from '@mantine/notifications';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { showFailed } from '../parts/undo';
import { signOut } from './session';
import './texts';

/** Of whoever was signed in: what was answered, and what was done, which the next person could undo. */
export function forgetPerson(queryClient: QueryClient): void {
  queryClient.clear();
  notifications.clean();
}

/** Goes to the sign-in page and leaves nothing of the person behind, also where the server cannot be reached. */
export function useSignOut(): () => Promise<void> {
  const { t } = useTranslation('session');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return async () => {
    try {
      await signOut(async () => {
        await navigate({ to: '/sign-in' });
        forgetPerson(queryClient);
      });
    } catch {
      showFailed(t('signOutUntold'));
    }
  };
}
