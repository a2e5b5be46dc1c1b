import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';

export function BatchPage() {
  const { t } = useTranslation();
  return <Page title={t('nav.batches')}>{null}</Page>;
}
