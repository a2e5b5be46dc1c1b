/** Two versions of a model side by side; on a phone one below the other. */
import { ActionIcon, Alert, Card, Group, List, Select, SimpleGrid, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconArrowsLeftRight, IconCheck, IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import { evaluationQuery, type Evaluation, type ModelVersionSummary } from '../api/models';
import { useFormat } from '../i18n/format';
import { ErrorNotice, Loading, QueryState } from '../parts/states';
import { DatasetChoice, EvaluationView } from './evaluation-view';
import { chosenDataset, datasetNames, type Side } from './evaluations';
import { MetricDifferences } from './metric-differences';
import { datasetsOf } from './metrics';
import { comparisonQuery } from './queries';
import { SideFacts } from './side-facts';
import './texts';

export interface Choices {
  readonly a?: string | undefined;
  readonly b?: string | undefined;
  readonly dataset?: string | undefined;
  readonly class?: string | undefined;
}

interface ComparisonProps {
  readonly model: string;
  readonly versions: readonly ModelVersionSummary[];
  readonly pair: { readonly a: string; readonly b: string };
  readonly choices: Choices;
  readonly onChoose: (choices: Choices) => void;
  readonly classTitle: (name: string) => string;
}

export function Comparison({ model, versions, pair, choices, onChoose, classTitle }: ComparisonProps) {
  const { t } = useTranslation('models');
  const { a, b } = pair;
  const comparison = useQuery(comparisonQuery(model, a, b));
  const options = (other: string) =>
    versions
      .filter(({ version }) => version !== other)
      .map(({ version, active }) => ({ value: version, label: active ? `${version} (${t('live')})` : version }));
  return (
    <Stack gap="lg">
      <Group align="flex-end" gap="sm">
        <Select
          label={t('side', { side: 'A' })}
          data={options(b)}
          value={a}
          onChange={(version) => version !== null && onChoose({ ...choices, a: version, b })}
        />
        <Tooltip label={t('swap')}>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('swap')}
            onClick={() => onChoose({ ...choices, a: b, b: a })}
          >
            <IconArrowsLeftRight size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Select
          label={t('side', { side: 'B' })}
          data={options(a)}
          value={b}
          onChange={(version) => version !== null && onChoose({ ...choices, a, b: version })}
        />
      </Group>
      <QueryState query={comparison} loading={<Loading lines={10} />}>
        {(data) => (
          <Stack gap="lg">
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <SideFacts side="a" version={data.a} />
              <SideFacts side="b" version={data.b} />
            </SimpleGrid>
            <Forms comparison={data} />
            <Quality comparison={data} choices={choices} onChoose={onChoose} pair={pair} classTitle={classTitle} />
          </Stack>
        )}
      </QueryState>
    </Stack>
  );
}

/** Whether a client of the one may go on with the other. */
function Forms({ comparison }: { readonly comparison: Schemas['VersionComparisonDto'] }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { inputs, interchangeable, sameArtifact } = comparison;
  const differences = (
    [
      ['inputsAdded', inputs.added],
      ['inputsRemoved', inputs.removed],
      ['inputsChanged', inputs.changed],
    ] as const
  ).filter(([, names]) => names.length > 0);
  return (
    <Alert
      color={interchangeable ? 'teal' : 'yellow'}
      variant="light"
      icon={interchangeable ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
    >
      <Text size="sm">{interchangeable ? t('interchangeable') : t('notInterchangeable')}</Text>
      {differences.length === 0 ? (
        <Text size="sm">{t('inputsSame')}</Text>
      ) : (
        <List size="sm">
          {differences.map(([key, names]) => (
            <List.Item key={key}>
              {t(key)}: {format.list(names)}
            </List.Item>
          ))}
        </List>
      )}
      {sameArtifact && <Text size="sm">{t('sameArtifact')}</Text>}
    </Alert>
  );
}

interface QualityProps extends Pick<ComparisonProps, 'pair' | 'choices' | 'onChoose' | 'classTitle'> {
  readonly comparison: Schemas['VersionComparisonDto'];
}

function Quality({ comparison, pair, choices, onChoose, classTitle }: QualityProps) {
  const { t } = useTranslation('models');
  const evaluations = {
    a: useQuery(evaluationQuery(comparison.model, pair.a, comparison.a.hasEvaluation)),
    b: useQuery(evaluationQuery(comparison.model, pair.b, comparison.b.hasEvaluation)),
  };
  const failed = Object.values(evaluations).find(({ isError }) => isError);
  const isLoaded = evaluations.a.data !== undefined && evaluations.b.data !== undefined;
  const side = (name: 'a' | 'b', evaluation: Evaluation | null): Side => ({
    version: pair[name],
    label: `${t(`sides.${name}`)} · ${pair[name]}`,
    evaluation,
  });
  const sides = [side('a', evaluations.a.data ?? null), side('b', evaluations.b.data ?? null)];
  const names = datasetNames(sides, datasetsOf(comparison.metrics));
  const dataset = chosenDataset(sides, names, choices.dataset);
  return (
    <>
      <Card>
        <Stack gap="md">
          <Group justify="space-between" align="flex-end">
            <div>
              <Title order={3}>{t('metrics')}</Title>
              <Text size="sm" c="dimmed">
                {t('comparisonHint')}
              </Text>
            </div>
            <DatasetChoice
              names={names}
              chosen={dataset}
              onChoose={(name) => onChoose({ ...choices, dataset: name })}
            />
          </Group>
          <MetricDifferences
            metrics={comparison.metrics.filter((metric) => metric.dataset === dataset)}
            a={pair.a}
            b={pair.b}
          />
        </Stack>
      </Card>
      <Card>
        <Stack gap="md">
          <Title order={3}>{t('curves')}</Title>
          {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
          {!failed && !isLoaded && <Loading lines={6} height={48} />}
          {isLoaded && (
            <EvaluationView
              sides={sides}
              dataset={dataset}
              className={choices.class}
              onClass={(name) => onChoose({ ...choices, class: name })}
              classTitle={classTitle}
            />
          )}
        </Stack>
      </Card>
    </>
  );
}
