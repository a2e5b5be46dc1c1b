/** Looks up the proof of a record and checks it in the browser. */
import { Button, Card, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconSearch } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { LatidoProblem } from '../api/latido';
import { Empty, ErrorNotice } from '../parts/states';
import { isUuid } from './event-filter';
import { ProofView } from './proof-view';
import { proofQuery } from './queries';

const route = getRouteApi('/inside/audit');

export function ProofTab() {
  const { t } = useTranslation('audit');
  const { proof: id } = route.useSearch();
  const navigate = route.useNavigate();
  // What was typed since the address last named one.
  const [typing, setTyping] = useState({ after: id, text: id ?? '' });
  const typed = typing.after === id ? typing.text : (id ?? '');
  const [fault, setFault] = useState(false);
  const look = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = typed.trim().toLowerCase();
    setFault(!isUuid(wanted));
    if (isUuid(wanted)) void navigate({ search: { tab: 'proof', proof: wanted } });
  };
  return (
    <Stack>
      <Card>
        <form onSubmit={look} noValidate>
          <Stack gap="sm">
            <Text>{t('proofAbout')}</Text>
            <Group align="flex-start" gap="sm">
              <TextInput
                label={t('proofId')}
                value={typed}
                error={fault ? t('notAnId') : undefined}
                onChange={(event) => setTyping({ after: id, text: event.currentTarget.value })}
                spellCheck={false}
                autoCapitalize="none"
                flex="1 1 280px"
                maw={460}
              />
              <Button type="submit" mt={25} leftSection={<IconSearch size={16} aria-hidden />}>
                {t('lookUp')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
      {id !== undefined && <ProofOf id={id} />}
    </Stack>
  );
}

function ProofOf({ id }: { readonly id: string }) {
  const { t } = useTranslation('audit');
  const proof = useQuery(proofQuery(id));
  const { error } = proof;
  if (proof.data) return <ProofView proof={proof.data} />;
  if (error instanceof LatidoProblem && error.code === 'RECORD_NOT_FOUND')
    return (
      <div role="status">
        <Empty title={t('noSuchRecord')}>{t('noSuchRecordHint')}</Empty>
      </div>
    );
  if (error instanceof LatidoProblem && error.code === 'RECORD_NOT_SEALED')
    return <ErrorNotice error={error} title={t('notSealed')} onRetry={() => void proof.refetch()} />;
  if (error) return <ErrorNotice error={error} onRetry={() => void proof.refetch()} />;
  return <Skeleton height={420} radius="lg" />;
}
