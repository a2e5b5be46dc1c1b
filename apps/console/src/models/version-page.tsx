import { Alert, Badge, Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconHeartRateMonitor, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { evaluationQuery, versionQuery, type Evaluation, type ModelVersion } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { ButtonLink, TextLink } from '../parts/links';
import { Facts } from '../parts/facts';
import { ModelNotice } from '../parts/notice';
import { Page } from '../parts/page';
import { Loading, QueryState } from '../parts/states';
import { Trail } from '../parts/trail';
import { ArtifactView } from './artifact-view';
import { CardText } from './card-text';
import { DatasetChoice, EvaluationView } from './evaluation-view';
import { chosenDataset, datasetNames } from './evaluations';
import { FeaturesView } from './features-view';
import { InputsView } from './inputs-view';
import { LearningCurves } from './learning-curves';
import { VersionStatus } from './live';
import { MetricsTable } from './metrics-table';
import { cardQuery } from './queries';
import './texts';
import { VerificationView } from './verification-view';

export function VersionPage() {
  const { t } = useTranslation('models');
  const { model, version } = useParams({ from: '/inside/models/$model/versions/$version' });
  const found = useQuery(versionQuery(model, version));
  const terms = useTerms();
  const modelTitle = found.data ? terms.modelTitle(found.data) : model;
  const title = t('versionTitle', { model: modelTitle, version });
  const actions = found.data?.status === 'verified' && (
    <ButtonLink
      leftSection={<IconHeartRateMonitor size={18} aria-hidden />}
      to="/try/$model"
      params={{ model }}
      search={{ version }}
    >
      {t('tryVersion')}
    </ButtonLink>
  );
  return (
    <Page
      title={title}
      description={found.data && terms.modelDescription(found.data)}
      actions={actions}
      trail={
        <Trail here={version}>
          <TextLink to="/models">{t('title')}</TextLink>
          <TextLink to="/models/$model" params={{ model }} search={{}}>
            {modelTitle}
          </TextLink>
        </Trail>
      }
    >
      <QueryState query={found} loading={<Loading lines={12} height={44} />}>
        {(data) => <VersionDetails version={data} />}
      </QueryState>
    </Page>
  );
}

interface SectionProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

function Section({ title, hint, children }: SectionProps) {
  return (
    <Card>
      <Stack gap="md">
        <div>
          <Title order={2}>{title}</Title>
          {hint !== undefined && (
            <Text size="sm" c="dimmed">
              {hint}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </Card>
  );
}

function VersionDetails({ version }: { readonly version: ModelVersion }) {
  const { t } = useTranslation('models');
  const terms = useTerms();
  const evaluation = useQuery(evaluationQuery(version.model, version.version, version.hasEvaluation));
  const datasets = evaluation.data?.datasets;
  const seen = datasets?.find(({ name }) => name === 'train') ?? datasets?.[0];
  const titles = new Map(
    [...version.inputs, ...(version.observations?.signals ?? [])].map((input) => [input.name, terms.inputTitle(input)]),
  );
  return (
    <Stack gap="md">
      <Summary version={version} />
      <Section title={t('inputs')}>
        <InputsView version={version} seen={seen} />
      </Section>
      <Section title={t('answer')}>
        <Answer version={version} />
      </Section>
      <Section title={t('features')} hint={t('featuresHint')}>
        <FeaturesView features={version.features} titleOf={(column) => titles.get(column) ?? column} />
      </Section>
      <Section title={t('metrics')}>
        <MetricsTable metrics={version.metrics} />
      </Section>
      <QueryState query={evaluation} loading={<Loading lines={8} height={44} />}>
        {(data) => <Evaluated version={version} evaluation={data} />}
      </QueryState>
      <Section title={t('verification')} hint={t('verificationHint')}>
        <VerificationView verifications={version.verifications} />
      </Section>
      <Section title={t('artifact')}>
        <ArtifactView version={version} />
      </Section>
      <Section title={t('provenance')}>
        <Provenance version={version} />
      </Section>
      <WrittenCard version={version} />
    </Stack>
  );
}

function Summary({ version }: { readonly version: ModelVersion }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { status } = version;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <VersionStatus version={version} />
        <Badge variant="default" tt="none">
          {t(`tasks.${version.task}`)}
        </Badge>
        <Text size="sm" c="dimmed">
          {t('registered')}: {format.dateTime(version.createdAt)}
          {version.lastActivatedAt !== null &&
            ` · ${t(version.active ? 'liveSinceLabel' : 'lastLive')}: ${format.dateTime(version.lastActivatedAt)}`}
        </Text>
      </Group>
      {status !== 'verified' && (
        <Alert
          color={status === 'rejected' ? 'alarm' : 'yellow'}
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
        >
          {t(`statusHints.${status}`)} {version.rejection !== null && <span lang="en">{version.rejection}</span>}
        </Alert>
      )}
      {version.inferred && (
        <Alert color="yellow" variant="light" icon={<IconInfoCircle aria-hidden />}>
          {t('inferred')}
        </Alert>
      )}
      <ModelNotice notice={version.notice} />
    </Stack>
  );
}

function Answer({ version }: { readonly version: ModelVersion }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const terms = useTerms();
  const { output } = version;
  const { classes, threshold } = output;
  if (!classes)
    return (
      <Text size="sm">
        {t('answerNumber')}
        {output.unit === undefined ? '' : ` (${output.unit})`}
      </Text>
    );
  return (
    <Stack gap="xs">
      <Text size="sm">{output.kind === 'decision' ? t('answerScores') : t('answerClasses')}:</Text>
      <Facts
        items={classes.map((found) => [
          terms.classTitle(version.model, found),
          <Code key={found.name}>{found.name}</Code>,
        ])}
      />
      {threshold !== undefined && classes[1] && (
        <Text size="sm">
          {t('answerThreshold', {
            class: terms.classTitle(version.model, classes[1]),
            threshold: format.number(threshold, 4),
          })}
        </Text>
      )}
    </Stack>
  );
}

interface EvaluatedProps {
  readonly version: ModelVersion;
  readonly evaluation: Evaluation | null;
}

function Evaluated({ version, evaluation }: EvaluatedProps) {
  const { t } = useTranslation('models');
  const choices = useSearch({ from: '/inside/models/$model/versions/$version' });
  const navigate = useNavigate({ from: '/models/$model/versions/$version' });
  const choose = (search: typeof choices): void => void navigate({ search, replace: true, resetScroll: false });
  const terms = useTerms();
  const sides = [{ version: version.version, label: version.version, evaluation }];
  const names = datasetNames(sides, []);
  const dataset = chosenDataset(sides, names, choices.dataset);
  const curves = evaluation?.learningCurves ?? [];
  return (
    <>
      <Section title={t('curves')}>
        <Group>
          <DatasetChoice names={names} chosen={dataset} onChoose={(name) => choose({ ...choices, dataset: name })} />
        </Group>
        <EvaluationView
          sides={sides}
          dataset={dataset}
          className={choices.class}
          onClass={(name) => choose({ ...choices, class: name })}
          classTitle={(name) =>
            terms.classTitle(version.model, version.output.classes?.find((found) => found.name === name) ?? name)
          }
        />
      </Section>
      {curves.length > 0 && (
        <Section title={t('learningCurves')}>
          <LearningCurves curves={curves} />
        </Section>
      )}
    </>
  );
}

const PROVENANCE = ['createdAt', 'author', 'license', 'framework', 'command', 'seed', 'data'] as const;

function Provenance({ version: { provenance } }: { readonly version: ModelVersion }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const facts = PROVENANCE.flatMap((field) => {
    const value = provenance?.[field];
    if (value === undefined) return [];
    const shown =
      field === 'createdAt' ? (
        format.dateTime(String(value))
      ) : field === 'command' ? (
        <Code>{value}</Code>
      ) : (
        String(value)
      );
    return [[t(`provenanceFields.${field}`), shown] as const];
  });
  if (facts.length === 0) return <Text size="sm">{t('noProvenance')}</Text>;
  return <Facts items={facts} />;
}

function WrittenCard({ version }: { readonly version: ModelVersion }) {
  const { t } = useTranslation('models');
  const card = useQuery(cardQuery(version.model, version.version));
  return (
    <Section title={t('card')} hint={t('cardHint')}>
      <QueryState query={card} loading={<Loading lines={10} />}>
        {({ text }) => <CardText source={text} />}
      </QueryState>
    </Section>
  );
}
