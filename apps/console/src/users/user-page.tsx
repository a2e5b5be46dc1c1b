import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';

export function UserPage() {
  const { t } = useTranslation();
  return <Page title={t('nav.users')}>{null}</Page>;
}
