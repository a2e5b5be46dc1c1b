/** Where one is on the way, and the way back. */
import { VisuallyHidden } from '@mantine/core';
import { IconCheck, IconExclamationMark } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './steps-nav.module.css';
import './texts';

export const STEPS = ['file', 'manifest', 'evidence', 'publish'] as const;
export type Step = (typeof STEPS)[number];

interface StepsNavProps {
  readonly current: Step;
  /** Something in it must be mended. */
  readonly faulty: Step | undefined;
  readonly mayGoTo: (step: Step) => boolean;
  readonly onStep: (step: Step) => void;
}

export function StepsNav({ current, faulty, mayGoTo, onStep }: StepsNavProps) {
  const { t } = useTranslation('publishing');
  const reached = STEPS.indexOf(current);
  return (
    <nav aria-label={t('stepsLabel')}>
      <ol className={classes.steps}>
        {STEPS.map((step, index) => (
          <li key={step}>
            <button
              type="button"
              className={classes.step}
              aria-current={step === current ? 'step' : undefined}
              data-done={index < reached || undefined}
              data-faulty={(index < reached && step === faulty) || undefined}
              disabled={!mayGoTo(step)}
              onClick={() => onStep(step)}
            >
              <span className={classes.number} aria-hidden>
                {index >= reached ? (
                  index + 1
                ) : step === faulty ? (
                  <IconExclamationMark size={15} />
                ) : (
                  <IconCheck size={15} />
                )}
              </span>
              <span className={classes.label}>{t(`steps.${step}`)}</span>
              {step === faulty && <VisuallyHidden>{t('stepFaulty')}</VisuallyHidden>}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
