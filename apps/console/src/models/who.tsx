/** Who did something. */
import { Trans, useTranslation } from 'react-i18next';
import { Person } from '../parts/person';
import { useModelRights } from './roles';
import './texts';

/** @param userId null: the server itself or an operator at the command line */
export function Who({ userId }: { readonly userId: string | null }) {
  const { t } = useTranslation('models');
  const { me } = useModelRights();
  if (userId === null) return <>{t('byServer')}</>;
  if (userId === me?.id) return <>{t('byYou')}</>;
  return <Trans t={t} i18nKey="by" components={{ person: <Person userId={userId} /> }} />;
}
