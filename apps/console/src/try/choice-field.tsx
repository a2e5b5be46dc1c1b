/** One of a few allowed values, with how common each is in the cohort. */
import { Input, SegmentedControl, Select, Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { shareOf, type Distribution } from './distribution';
import type { Field, RowValue } from './fields';
import classes from './trial.module.css';
import './texts';

interface ChoiceFieldProps {
  readonly field: Field;
  readonly value: RowValue;
  readonly distribution: Distribution | undefined;
  readonly error: React.ReactNode;
  readonly onChange: (value: RowValue) => void;
}

/** As many as stand beside each other on a phone. */
const MOST_SEGMENTS = 3;

export function ChoiceField({ field, value, distribution, error, onChange }: ChoiceFieldProps) {
  const { t } = useTranslation(['try', 'common']);
  const terms = useTerms();
  const format = useFormat();
  const id = useId();
  const { input, required } = field;
  const values = input.values ?? [];
  const label = required ? terms.inputTitle(input) : `${terms.inputTitle(input)} (${t('common:optional')})`;
  const description = terms.inputDescription(input);
  // By place: values are numbers as well as texts, and only texts tell options apart.
  const at = values.findIndex((one) => one.value === value);
  const choose = (chosen: string | null): void =>
    onChange(chosen === null ? '' : (values[Number(chosen)]?.value ?? ''));
  const data = values.map((one, index) => ({ value: String(index), label: terms.valueTitle(one) }));
  const shares = values.flatMap((one) => {
    const share = distribution && shareOf(distribution, one.value);
    return share === undefined
      ? []
      : [t('chosenShare', { title: terms.valueTitle(one), share: format.percent(share, 0) })];
  });
  const among = shares.length > 0 && (
    <Text size="xs" c="dimmed" mt={6} className="numbers">
      {t('sharesOf', { shares: shares.join(' · ') })}
    </Text>
  );

  if (values.length > MOST_SEGMENTS || !required)
    return (
      <div className={classes.field}>
        <Select
          label={label}
          description={description}
          error={error}
          data={data}
          value={at < 0 ? null : String(at)}
          onChange={choose}
          clearable={!required}
          searchable={values.length > 10}
          placeholder={t('choosePlaceholder')}
          classNames={{ root: classes.field, wrapper: classes.bottom }}
        />
        {among}
      </div>
    );
  return (
    <div className={classes.field}>
      <Input.Wrapper
        label={label}
        labelElement="div"
        description={description}
        error={error}
        labelProps={{ id: `${id}-label` }}
        errorProps={{ id: `${id}-error` }}
        classNames={{ root: classes.field }}
      >
        <SegmentedControl
          mt={4}
          aria-labelledby={`${id}-label`}
          aria-describedby={error ? `${id}-error` : undefined}
          fullWidth
          data={data}
          value={at < 0 ? '' : String(at)}
          onChange={choose}
        />
      </Input.Wrapper>
      {among}
    </div>
  );
}
