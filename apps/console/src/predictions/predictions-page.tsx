import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page';

export function PredictionsPage() {
  const { t } = useTranslation();
  return <Page title={t('nav.predictions')}>{null}</Page>;
}
