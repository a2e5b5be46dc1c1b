/** One model to try: its version's form, and what it answers. */
import { Alert, Grid, Select, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isNotFound } from '../api/latido';
import { evaluationQuery, modelQuery, versionQuery, versionsQuery, type Model, type ModelVersion } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { ButtonLink, TextLink } from '../parts/links';
import { ModelNotice } from '../parts/notice';
import { NotThere } from '../parts/not-there';
import { Page } from '../parts/page';
import { Empty, ErrorNotice, QueryState } from '../parts/states';
import { meQuery } from '../session/session';
import type { RowSchema } from './fields';
import { FieldsTrial } from './fields-trial';
import { JsonTrial } from './json-trial';
import { examplesQuery, rowSchemaQuery, type Example } from './queries';
import type { Evaluation } from './distribution';
import { WindowTrial } from './window-trial';
import './texts';

/** Beyond, nobody types: such rows come from programs. */
const MOST_FIELDS = 60;

export interface TrialProps {
  readonly version: ModelVersion;
  readonly schema: RowSchema;
  readonly examples: readonly Example[];
  /** Null where the version came without one. */
  readonly evaluation: Evaluation | null | undefined;
  /** Undefined: whichever answers at the time. */
  readonly askedVersion: string | undefined;
}

export function TryModel() {
  const { t } = useTranslation(['try', 'common']);
  const { model: name } = useParams({ from: '/inside/try/$model' });
  const { version } = useSearch({ from: '/inside/try/$model' });
  const terms = useTerms();
  const model = useQuery(modelQuery(name));
  if (isNotFound(model.error))
    return (
      <NotThere
        title={t('title')}
        heading={t('notFoundTitle')}
        hint={t('common:errors.notFound')}
        to="/try"
        back={t('chooseAnother')}
      />
    );
  return (
    <Page
      title={model.data ? terms.modelTitle(model.data) : t('title')}
      description={model.data && terms.modelDescription(model.data)}
      actions={model.data && <VersionChoice model={model.data} version={version} />}
    >
      <QueryState query={model} loading={<TrialLoading />}>
        {(data) => {
          const shown = version ?? data.activeVersion;
          return shown === null ? (
            <Empty title={t('noVersionTitle')} action={<ToModels />}>
              {t('noVersion')}
            </Empty>
          ) : (
            <VersionTrial key={`${name} ${shown}`} model={data} version={shown} />
          );
        }}
      </QueryState>
    </Page>
  );
}

function VersionTrial({ model, version: shown }: { readonly model: Model; readonly version: string }) {
  const { t } = useTranslation(['try', 'common']);
  const version = useQuery(versionQuery(model.name, shown));
  const schema = useQuery(rowSchemaQuery(model.name, shown));
  const examples = useQuery(examplesQuery(model.name, shown));
  const evaluation = useQuery(evaluationQuery(model.name, shown, version.data?.hasEvaluation));
  const isLive = model.activeVersion === shown;
  // Without it the form would jump when it comes.
  if (evaluation.isPending && !version.isError) return <TrialLoading />;
  return (
    <Stack gap="lg">
      {!isLive && model.activeVersion !== null && (
        <Alert color="yellow" variant="light" py="xs">
          {t('notLive', { version: model.activeVersion })}
        </Alert>
      )}
      {evaluation.isError && <ErrorNotice error={evaluation.error} onRetry={() => void evaluation.refetch()} />}
      <QueryState query={version} loading={<TrialLoading />}>
        {(versionData) => (
          <QueryState query={schema} loading={<TrialLoading />}>
            {(schemaData) => (
              <QueryState query={examples} loading={<TrialLoading />}>
                {(examplesData) => (
                  <Trial
                    version={versionData}
                    schema={schemaData}
                    examples={examplesData}
                    evaluation={evaluation.data}
                    askedVersion={isLive ? undefined : shown}
                  />
                )}
              </QueryState>
            )}
          </QueryState>
        )}
      </QueryState>
    </Stack>
  );
}

function Trial(props: TrialProps) {
  const { inputs, observations, notice } = props.version;
  const fits = inputs.length <= MOST_FIELDS && (inputs.length > 0 || observations !== null);
  return (
    <Stack gap="lg">
      <ModelNotice notice={notice} />
      {!fits ? <JsonTrial {...props} /> : observations ? <WindowTrial {...props} /> : <FieldsTrial {...props} />}
    </Stack>
  );
}

/** Versions that answer, or have answered; an administrator may ask any that is verified. */
function VersionChoice({ model, version }: { readonly model: Model; readonly version: string | undefined }) {
  const { t } = useTranslation(['try', 'common']);
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const { data: versions = [] } = useQuery(versionsQuery(model.name));
  const askable = versions.filter(
    (one) => one.status === 'verified' && (one.lastActivatedAt !== null || me?.role === 'admin'),
  );
  const shown = version ?? model.activeVersion;
  return (
    <Stack gap={4} align="flex-start">
      <Select
        label={t('version')}
        w={180}
        value={shown}
        data={askable.map((one) => ({
          value: one.version,
          label: one.active ? `${one.version} (${t('live')})` : one.version,
        }))}
        onChange={(chosen) =>
          void navigate({
            to: '/try/$model',
            params: { model: model.name },
            search: chosen === null || chosen === model.activeVersion ? {} : { version: chosen },
          })
        }
      />
      {shown !== null && (
        <TextLink to="/models/$model/versions/$version" params={{ model: model.name, version: shown }}>
          {t('modelPage')}
        </TextLink>
      )}
    </Stack>
  );
}

function ToModels() {
  const { t } = useTranslation(['try', 'common']);
  return (
    <ButtonLink to="/try" leftSection={<IconArrowLeft size={16} aria-hidden />}>
      {t('chooseAnother')}
    </ButtonLink>
  );
}

function TrialLoading() {
  const { t } = useTranslation();
  return (
    <Grid gap="lg" role="status" aria-label={t('loading')}>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Skeleton height={520} radius="lg" />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Skeleton height={260} radius="lg" />
      </Grid.Col>
    </Grid>
  );
}
