import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ModelVersion } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { calibrationNote } from './calibration';
import type { Evaluation } from './distribution';
import './texts';

interface CalibrationTextProps {
  readonly version: ModelVersion;
  readonly evaluation: Evaluation | null | undefined;
  readonly answered: string;
  readonly probabilities: Readonly<Record<string, number>>;
}

/** Nothing where the version was published without an evaluation. */
export function CalibrationText({ version, evaluation, answered, probabilities }: CalibrationTextProps) {
  const { t } = useTranslation('try');
  const terms = useTerms();
  const format = useFormat();
  const note = calibrationNote(evaluation, answered, probabilities);
  if (!note) return null;
  const { dataset, className, bin, within } = note;
  const modelClass = version.output.classes?.find(({ name }) => name === className) ?? className;
  return (
    <Text size="sm" className="numbers">
      {t(within ? 'calibration' : 'calibrationNear', {
        dataset: terms.datasetTitle(dataset),
        title: terms.classTitle(version.model, modelClass),
        rows: format.number(bin.count, 0),
        lower: format.percent(bin.lower),
        upper: format.percent(bin.upper),
        observed: format.percent(bin.observed),
      })}
    </Text>
  );
}
