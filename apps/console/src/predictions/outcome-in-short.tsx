import { useTranslation } from 'react-i18next';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { useTitles } from '../i18n/use-titles';
import type { Outcome } from './queries';
import './texts';

const DIGITS = 4;

interface OutcomeInShortProps {
  readonly model: string;
  readonly outcome: Outcome;
  /** Of a regression's value. */
  readonly unit?: string;
}

/** What happened: the class, or the value. */
export function OutcomeInShort({ model, outcome, unit }: OutcomeInShortProps) {
  const { t } = useTranslation('predictions');
  const terms = useTerms();
  const titles = useTitles();
  const format = useFormat();
  const { label, value, erased } = outcome;
  if (erased) return <>{t('outcomeErased')}</>;
  if (label !== undefined) return <>{titles.modelClass(model, label)}</>;
  return (
    <>
      {value === undefined ? '–' : format.number(value, DIGITS)} {unit !== undefined && terms.unitTitle(unit)}
    </>
  );
}
