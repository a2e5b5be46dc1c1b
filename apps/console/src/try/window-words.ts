/** What a window is, and why it would be refused, in sentences. */
import { useTranslation } from 'react-i18next';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import type { ObservationsDeclaration } from './observations';
import type { WindowFault, WindowRules } from './sliding-window';
import './texts';

/** Undefined rules are not spoken of. */
export function useWindowText(): (rules: WindowRules) => string {
  const { t } = useTranslation('try');
  const format = useFormat();
  return ({ samples, samplingInterval, longestForwardFill, longestGap }) =>
    [
      t('windowSays', { count: samples }),
      samplingInterval !== undefined &&
        t('windowInterval', {
          interval: format.seconds(samplingInterval),
          span: format.seconds(samplingInterval * (samples - 1)),
        }),
      longestForwardFill !== undefined && t('windowFill', { fill: format.seconds(longestForwardFill) }),
      longestGap !== undefined && t('windowGap', { gap: format.seconds(longestGap) }),
    ]
      .filter((sentence) => sentence !== false)
      .join(' ');
}

export function useWindowFaultText(declaration: ObservationsDeclaration): (fault: WindowFault) => string {
  const { t } = useTranslation('try');
  const format = useFormat();
  const terms = useTerms();
  return (fault) => {
    if (fault.rule !== 'missing') return t(`windowFaults.${fault.rule}`, { time: format.seconds(fault.seconds) });
    const signal = declaration.signals.find(({ name }) => name === fault.signal);
    return t('windowFaults.missing', { signal: signal ? terms.signalTitle(signal) : fault.signal });
  };
}
