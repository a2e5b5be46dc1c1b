/** ROC, calibration and confusion matrices of one version, or of two on the same axes. */
import { Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CurveChart } from '../charts/curve-chart';
import { useFormat } from '../i18n/format';
import { ConfusionMatrix } from './confusion-matrix';
import { aucOf, calibrationCurves, curveClasses, datasetOf, rocCurves, type Side } from './evaluations';
import './texts';
import { useMetricWords } from './words';

const WHOLE = [0, 1] as const;
const AUC_DIGITS = 3;

interface DatasetChoiceProps {
  readonly names: readonly string[];
  readonly chosen: string | undefined;
  readonly onChoose: (dataset: string) => void;
}

export function DatasetChoice({ names, chosen, onChoose }: DatasetChoiceProps) {
  const { t } = useTranslation('models');
  const { datasetName } = useMetricWords();
  if (chosen === undefined) return null;
  return (
    <Select
      label={t('dataset')}
      data={names.map((value) => ({ value, label: datasetName(value) }))}
      value={chosen}
      onChange={(dataset) => dataset !== null && onChoose(dataset)}
    />
  );
}

interface EvaluationViewProps {
  readonly sides: readonly Side[];
  readonly dataset: string | undefined;
  /** Whose curves are wished for. */
  readonly className?: string | undefined;
  readonly onClass: (className: string) => void;
  readonly classTitle: (name: string) => string;
}

export function EvaluationView({ sides, dataset, className, onClass, classTitle }: EvaluationViewProps) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { datasetName } = useMetricWords();
  const classes = curveClasses(sides, dataset);
  const shown = classes.find((name) => name === className) ?? classes[0];
  const matrices = sides.flatMap((side) => {
    const found = datasetOf(side, dataset);
    return found
      ? [{ side, matrix: found.confusionMatrix, threshold: side.evaluation?.threshold, rows: found.rows }]
      : [];
  });
  const threshold = matrices.find((found) => found.threshold !== undefined)?.threshold;
  return (
    <Stack gap="lg">
      {sides
        .filter(({ evaluation }) => evaluation === null)
        .map(({ version }) => (
          <Text key={version} size="sm" c="dimmed">
            {t('noEvaluation', { version })}
          </Text>
        ))}
      {shown === undefined || dataset === undefined ? (
        sides.some(({ evaluation }) => evaluation !== null) && (
          <Text size="sm" c="dimmed">
            {t('noCurves')}
          </Text>
        )
      ) : (
        <>
          {classes.length > 1 && (
            <Group>
              <Select
                label={t('class')}
                data={classes.map((value) => ({
                  value,
                  label: t('classAgainstRest', { class: classTitle(value) }),
                }))}
                value={shown}
                onChange={(name) => name !== null && onClass(name)}
              />
            </Group>
          )}
          <Curves sides={sides} dataset={dataset} className={shown} classTitle={classTitle} />
        </>
      )}
      {matrices.length > 0 && (
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t('confusionHint')}
            {threshold === undefined ? '' : ` ${t('confusionThreshold', { threshold: format.number(threshold) })}`}
          </Text>
          <SimpleGrid cols={{ base: 1, lg: matrices.length }} spacing="xl">
            {matrices.map(({ side, matrix, rows }) => (
              <ConfusionMatrix
                key={side.version}
                matrix={matrix}
                title={`${t('confusionOf', { version: side.label })} (${datasetName(dataset!)}, ${t('rowCount', { count: rows })})`}
                classTitle={classTitle}
              />
            ))}
          </SimpleGrid>
        </Stack>
      )}
    </Stack>
  );
}

interface CurvesProps {
  readonly sides: readonly Side[];
  readonly dataset: string;
  readonly className: string;
  readonly classTitle: (name: string) => string;
}

function Curves({ sides, dataset, className, classTitle }: CurvesProps) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { datasetName } = useMetricWords();
  const aucs = sides.flatMap((side) => {
    const auc = aucOf(side, dataset, className);
    return auc === undefined ? [] : [t('curveOf', { version: side.label, auc: format.fixed(auc, AUC_DIGITS) })];
  });
  const summary = (title: string): string =>
    t('curveSummary', {
      title,
      class: classTitle(className),
      dataset: datasetName(dataset),
      sides: format.list(aucs.length > 0 ? aucs : sides.map(({ label }) => label)),
    });
  const roc = rocCurves(sides, dataset, className);
  const calibration = calibrationCurves(sides, dataset, className);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
      {roc.length > 0 && (
        <div>
          <CurveChart
            title={t('roc')}
            summary={summary(t('roc'))}
            xLabel={t('rocX')}
            yLabel={t('rocY')}
            curves={roc}
            xRange={WHOLE}
            yRange={WHOLE}
            diagonal={t('chance')}
          />
          <Text size="xs" c="dimmed" className="numbers">
            {aucs.join(' · ')}
          </Text>
        </div>
      )}
      {calibration.length > 0 && (
        <CurveChart
          title={t('calibration')}
          summary={summary(t('calibration'))}
          xLabel={t('calibrationX')}
          yLabel={t('calibrationY')}
          curves={calibration.map((curve) => ({ ...curve, markers: true }))}
          xRange={WHOLE}
          yRange={WHOLE}
          diagonal={t('perfect')}
        />
      )}
    </SimpleGrid>
  );
}
