import { Card, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { CodeBlock } from '../parts/code-block';
import { StatusBadge } from '../parts/status-badge';
import { fromBase64 } from './bytes';
import type { ProofCheck } from './proof-check';
import classes from './proof-steps.module.css';
import type { AuditProof } from './queries';

interface ProofStepsProps {
  readonly proof: AuditProof;
  readonly check: ProofCheck;
}

export function ProofSteps({ proof, check }: ProofStepsProps) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const { batch, index } = proof;
  const { path } = check;
  return (
    <ol className={classes.steps}>
      <Step title={t('steps.leaf')} holds={check.isItsLeaf}>
        <Text size="sm">{t('steps.leafText', { size: format.number(fromBase64(proof.leaf).length) })}</Text>
        <Hash label={t('steps.leafHash')} value={path.leafHash} />
      </Step>
      <Step title={t('steps.path')} holds={check.isInTree}>
        <Text size="sm">
          {t('steps.pathText', {
            count: batch.count,
            shown: format.number(batch.count),
            place: format.number(index + 1),
            siblings: format.number(path.steps.length),
          })}
        </Text>
        {path.steps.length > 0 && (
          <ol className={classes.path}>
            {path.steps.map(({ sibling, side, node }) => (
              <li key={node}>
                <Hash label={t(`steps.${side}`)} value={sibling} />
                <Hash label={t('steps.node')} value={node} />
              </li>
            ))}
          </ol>
        )}
      </Step>
      <Step title={t('steps.root')} holds={check.isItsBatch}>
        <Text size="sm">
          {t('steps.rootText', { seq: format.number(batch.seq), shard: format.number(batch.shard) })}
        </Text>
        <Hash label={t('steps.rootHash')} value={batch.root} />
        <CodeBlock label={t('statement')} code={batch.statement} />
      </Step>
      <Step title={t('steps.signature')} holds={check.isSigned}>
        <Text size="sm">{t('steps.signatureText', { kid: batch.kid, at: format.dateTime(batch.sealedAt) })}</Text>
        <CodeBlock label={t('publicKey')} code={proof.publicKey.trim()} />
      </Step>
    </ol>
  );
}

interface StepProps {
  readonly title: string;
  /** Undefined: this browser cannot tell. */
  readonly holds: boolean | undefined;
  readonly children: ReactNode;
}

function Step({ title, holds, children }: StepProps) {
  const { t } = useTranslation('audit');
  return (
    <li>
      <Card padding="md">
        <Stack gap="xs">
          <Group justify="space-between" gap="xs">
            <Title order={3}>{title}</Title>
            <StatusBadge tone={holds === undefined ? 'neutral' : holds ? 'good' : 'bad'}>
              {t(holds === undefined ? 'unchecked' : holds ? 'stepHolds' : 'stepBroken')}
            </StatusBadge>
          </Group>
          {children}
        </Stack>
      </Card>
    </li>
  );
}

function Hash({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <Text size="xs">
      {label}{' '}
      <Text span inherit ff="monospace" c="dimmed">
        {value}
      </Text>
    </Text>
  );
}
