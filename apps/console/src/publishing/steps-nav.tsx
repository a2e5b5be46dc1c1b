/** Where one is on the way, and the way back. */
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './steps-nav.module.css';
import './texts';

export const STEPS = ['file', 'manifest', 'evidence', 'publish'] as const;
export type Step = (typeof STEPS)[number];

interface StepsNavProps {
  readonly current: Step;
  readonly mayGoTo: (step: Step) => boolean;
  readonly onStep: (step: Step) => void;
}

export function StepsNav({ current, mayGoTo, onStep }: StepsNavProps) {
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
              disabled={!mayGoTo(step)}
              onClick={() => onStep(step)}
            >
              <span className={classes.number} aria-hidden>
                {index < reached ? <IconCheck size={15} /> : index + 1}
              </span>
              <span className={classes.label}>{t(`steps.${step}`)}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
