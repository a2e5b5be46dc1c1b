import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../parts/status-badge';
import type { Account } from './queries';

export function AccountStatus({ status }: { readonly status: Account['status'] }) {
  const { t } = useTranslation();
  return <StatusBadge tone={status === 'active' ? 'good' : 'bad'}>{t(`states.${status}`)}</StatusBadge>;
}
