/** How a model's traffic is shared, in sentences. */
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import type { Traffic } from './queries';
import './texts';

const SHARE_DIGITS = 4;

/** Empty: the live version answers everybody and nothing runs in shadow. */
export function useTrafficWords(): (traffic: Pick<Traffic, 'canary' | 'shadows'>) => string[] {
  const { t } = useTranslation('models');
  const format = useFormat();
  return ({ canary, shadows }) => [
    ...(canary
      ? [t('canaryWords', { version: canary.version, share: format.percent(canary.share, SHARE_DIGITS) })]
      : []),
    ...(shadows.length > 0 ? [t('shadowWords', { count: shadows.length, versions: format.list(shadows) })] : []),
  ];
}
