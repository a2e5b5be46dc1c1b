/** The fields of a row, each with what is wrong with it: by the page's own rules, or by the server's. */
import { SimpleGrid, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { ChoiceField } from './choice-field';
import { distributionOf, type EvaluatedDataset } from './distribution';
import { faultOf, type Fault, type Field, type FieldValues, type RowValue } from './fields';
import { ValueField } from './value-field';
import classes from './trial.module.css';
import './texts';

interface RowFieldsProps {
  readonly fields: readonly Field[];
  readonly values: FieldValues;
  readonly cohort: EvaluatedDataset | undefined;
  /** Whose faults are shown: what nobody has typed yet is not wrong yet. */
  readonly judged: (name: string) => boolean;
  /** What the server said of a value. */
  readonly refusal: (name: string) => string | undefined;
  readonly onChange: (name: string, value: RowValue) => void;
  readonly onLeave: (name: string) => void;
}

function useFaultText(): (fault: Fault) => string {
  const { t } = useTranslation(['try', 'common']);
  const format = useFormat();
  return (fault) =>
    'limit' in fault ? t(`faults.${fault.rule}`, { limit: format.number(fault.limit, 6) }) : t(`faults.${fault.rule}`);
}

export function RowFields({ fields, values, cohort, judged, refusal, onChange, onLeave }: RowFieldsProps) {
  const { t } = useTranslation(['try', 'common']);
  const terms = useTerms();
  const faultText = useFaultText();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" verticalSpacing="lg">
      {fields.map((field) => {
        const { input, kind, required, longest } = field;
        const value = values[input.name] ?? '';
        const fault = judged(input.name) ? faultOf(field, value) : undefined;
        const refused = refusal(input.name);
        const error = fault ? faultText(fault) : refused === undefined ? undefined : <span lang="en">{refused}</span>;
        const change = (changed: RowValue): void => onChange(input.name, changed);
        const leave = (): void => onLeave(input.name);
        const distribution = distributionOf(cohort, input.name);
        if (kind === 'choice')
          return <ChoiceField key={input.name} {...{ field, value, distribution, error }} onChange={change} />;
        if (kind !== 'text')
          return (
            <ValueField key={input.name} {...{ field, value, distribution, error }} onChange={change} onBlur={leave} />
          );
        return (
          <TextInput
            key={input.name}
            label={required ? terms.inputTitle(input) : `${terms.inputTitle(input)} (${t('common:optional')})`}
            description={terms.inputDescription(input)}
            error={error}
            maxLength={longest}
            value={value}
            onChange={(event) => change(event.currentTarget.value)}
            onBlur={leave}
            classNames={{ root: classes.field, wrapper: classes.bottom }}
          />
        );
      })}
    </SimpleGrid>
  );
}
