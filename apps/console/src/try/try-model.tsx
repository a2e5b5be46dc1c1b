import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';

export function TryModel() {
  const { t } = useTranslation();
  return <Page title={t('nav.try')}>{null}</Page>;
}
