import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';

export function ModelPage() {
  const { t } = useTranslation();
  return <Page title={t('nav.models')}>{null}</Page>;
}
