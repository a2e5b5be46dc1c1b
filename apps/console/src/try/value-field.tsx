/** A number by typing or by its slider, with the cohort's distribution above the slider and the patient's place marked in it. */
import { Group, NumberInput, Slider, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Histogram } from '../charts/histogram';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { countsOver, shareBelow, type Distribution } from './distribution';
import { numberOf, type Field, type RowValue } from './fields';
import classes from './trial.module.css';
import './texts';

interface ValueFieldProps {
  readonly field: Field;
  readonly value: RowValue;
  readonly distribution: Distribution | undefined;
  readonly error: React.ReactNode;
  readonly onChange: (value: RowValue) => void;
  readonly onBlur: () => void;
}

/** Of the distribution above the slider. */
const SLICES = 20;

export function ValueField({ field, value, distribution, error, onChange, onBlur }: ValueFieldProps) {
  const { t, i18n } = useTranslation(['try', 'common']);
  const terms = useTerms();
  const format = useFormat();
  const { input, kind, minimum, maximum, step, required } = field;
  const title = terms.inputTitle(input);
  const unit = input.unit === undefined ? undefined : terms.unitTitle(input.unit);
  const number = numberOf(value);
  const ranged = minimum !== undefined && maximum !== undefined && maximum > minimum;
  const share = distribution && number !== undefined ? shareBelow(distribution, number) : undefined;
  const inRange = ranged && number !== undefined && number >= minimum && number <= maximum;

  return (
    <div className={classes.field}>
      <NumberInput
        label={
          <>
            {title}
            {unit !== undefined && <VisuallyHidden> ({unit})</VisuallyHidden>}
            {!required && ` (${t('common:optional')})`}
          </>
        }
        description={terms.inputDescription(input)}
        error={error}
        value={value}
        onChange={onChange}
        onBlur={onBlur}
        min={minimum}
        max={maximum}
        step={step}
        clampBehavior="none"
        allowDecimal={kind === 'number'}
        allowNegative={minimum === undefined || minimum < 0}
        decimalSeparator={i18n.language === 'es' ? ',' : '.'}
        hideControls
        rightSection={
          unit === undefined ? null : (
            <Text size="sm" c="dimmed" aria-hidden>
              {unit}
            </Text>
          )
        }
        rightSectionWidth={unit === undefined ? 0 : 24 + unit.length * 8}
        rightSectionPointerEvents="none"
        classNames={{
          root: classes.field,
          description: classes.description,
          wrapper: classes.bottom,
          section: classes.unit,
        }}
        className="numbers"
        flex={1}
      />
      {ranged && (
        <div>
          <div className={classes.bars}>
            {distribution?.edges && (
              <Histogram
                counts={countsOver(distribution, [minimum, maximum], SLICES)}
                at={inRange ? (number - minimum) / (maximum - minimum) : undefined}
                height={28}
              />
            )}
          </div>
          <Slider
            min={minimum}
            max={maximum}
            step={step}
            size={4}
            thumbSize={24}
            label={null}
            value={number === undefined ? minimum : Math.min(maximum, Math.max(minimum, number))}
            onChange={onChange}
            onChangeEnd={onBlur}
            thumbLabel={t('sliderOf', { title })}
            thumbValueText={(at) => `${format.number(at, 4)}${unit === undefined ? '' : ` ${unit}`}`}
          />
          <Group justify="space-between" gap={4} wrap="nowrap" mt={8}>
            <Text size="xs" c="dimmed" className="numbers">
              {format.number(minimum, 4)}
            </Text>
            {share !== undefined && inRange && (
              <Text size="xs" c="dimmed" className="numbers">
                {t('aboveShare', { share: format.percent(share, 0) })}
              </Text>
            )}
            <Text size="xs" c="dimmed" className="numbers">
              {format.number(maximum, 4)}
            </Text>
          </Group>
        </div>
      )}
    </div>
  );
}
