/** A proof, step by step: the record, its way to the root of its batch, the signed batch. */
import { Card, Group, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconShield, IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { ErrorNotice } from '../parts/states';
import { CheckElsewhere } from './check-elsewhere';
import { checkProof, verdictOf, type Verdict } from './proof-check';
import { ProofSteps } from './proof-steps';
import type { AuditProof } from './queries';

const SIGNS = {
  holds: { color: 'teal', Icon: IconShieldCheck },
  unsigned: { color: 'yellow', Icon: IconShield },
  broken: { color: 'alarm', Icon: IconShieldX },
} as const satisfies Readonly<Record<Verdict, unknown>>;

export function ProofView({ proof }: { readonly proof: AuditProof }) {
  const { t } = useTranslation('audit');
  const check = useQuery({
    queryKey: ['audit', 'proof-check', proof],
    queryFn: () => checkProof(proof),
    staleTime: Infinity,
  });
  return (
    <Stack gap="lg">
      {window.isSecureContext ? (
        <>
          {check.isError && <ErrorNotice error={check.error} title={t('uncheckable')} />}
          {check.isPending && <Skeleton height={120} radius="lg" />}
          {check.data && (
            <>
              <VerdictCard proof={proof} verdict={verdictOf(check.data)} />
              <ProofSteps proof={proof} check={check.data} />
            </>
          )}
        </>
      ) : (
        <Card>
          <Text>{t('insecure')}</Text>
        </Card>
      )}
      <CheckElsewhere proof={proof} />
    </Stack>
  );
}

function VerdictCard({ proof, verdict }: { readonly proof: AuditProof; readonly verdict: Verdict }) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const { color, Icon } = SIGNS[verdict];
  const kind = proof.kind === 'predictions' ? 'prediction' : 'event';
  return (
    <Card role="status" padding="xl">
      <Group gap="lg" wrap="nowrap">
        <ThemeIcon size={56} radius="xl" flex="none" variant="light" color={color} aria-hidden>
          <Icon size={34} />
        </ThemeIcon>
        <div>
          <Title order={2}>{t(`verdicts.${kind}.${verdict}`, { at: format.dateTime(proof.batch.sealedAt) })}</Title>
          <Text c="dimmed">{t(`verdictHints.${verdict}`)}</Text>
        </div>
      </Group>
    </Card>
  );
}
