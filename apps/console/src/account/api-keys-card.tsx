/** Keys for programs: made, listed and revoked. */
import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { DataTable, type Column } from '../parts/data-table';
import { Loading, QueryState } from '../parts/states';
import { NewKeyDialog } from './new-key-dialog';
import { apiKeysQuery, type ApiKey } from './queries';
import { RevokeKeyDialog } from './revoke-key-dialog';
import './texts';

export function ApiKeysCard() {
  const { t } = useTranslation('account');
  const keys = useQuery(apiKeysQuery);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  return (
    <Card component="section" aria-label={t('keys.title')}>
      <Stack>
        <Group justify="space-between" align="flex-start" gap="sm">
          <div>
            <Title order={2}>{t('keys.title')}</Title>
            <Text size="sm" c="dimmed" mt={4} maw={640}>
              {t('keys.hint')}
            </Text>
          </div>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
            {t('keys.create')}
          </Button>
        </Group>
        <QueryState query={keys} loading={<Loading lines={2} height={48} />}>
          {(found) =>
            found.length === 0 ? (
              <Group gap="xs" c="dimmed" py="xs">
                <IconKey size={18} aria-hidden />
                <Text size="sm">{t('keys.none')}</Text>
              </Group>
            ) : (
              <KeyTable keys={found} onRevoke={setRevoking} />
            )
          }
        </QueryState>
      </Stack>
      <NewKeyDialog opened={creating} onClose={() => setCreating(false)} />
      <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />
    </Card>
  );
}

interface KeyTableProps {
  readonly keys: readonly ApiKey[];
  readonly onRevoke: (key: ApiKey) => void;
}

function KeyTable({ keys, onRevoke }: KeyTableProps) {
  const { t } = useTranslation('account');
  const format = useFormat();
  const columns: readonly Column<ApiKey>[] = [
    {
      id: 'name',
      header: t('keys.name'),
      width: 'minmax(0, 2fr)',
      cell: (key) => (
        <>
          <Group gap={6} wrap="nowrap">
            <Text size="sm" lh={1.35} fw={500} truncate title={key.name}>
              {key.name}
            </Text>
            {key.scopes.includes('admin') && (
              <Badge size="sm" color="alarm" variant="light" tt="none" flex="none">
                {t('keys.adminScope')}
              </Badge>
            )}
          </Group>
          <Text size="xs" lh={1.35} c="dimmed" ff="monospace" truncate>
            {key.prefix}…
          </Text>
          {/* On a phone a column of its own would leave the name no room. */}
          <Text size="xs" lh={1.35} c="dimmed" hiddenFrom="sm">
            {t('keys.expires')}: <Expiry expiresAt={key.expiresAt} />
          </Text>
        </>
      ),
    },
    {
      id: 'created',
      header: t('keys.created'),
      width: '130px',
      wideOnly: true,
      cell: (key) => format.date(key.createdAt),
    },
    {
      id: 'used',
      header: t('keys.lastUsed'),
      width: '150px',
      wideOnly: true,
      cell: (key) => (key.lastUsedAt === null ? t('keys.never') : format.ago(key.lastUsedAt)),
    },
    {
      id: 'expires',
      header: t('keys.expires'),
      width: '120px',
      wideOnly: true,
      cell: (key) => <Expiry expiresAt={key.expiresAt} />,
    },
    {
      id: 'revoke',
      header: t('keys.actions'),
      width: '92px',
      align: 'end',
      cell: (key) => (
        <Button
          size="xs"
          variant="default"
          onClick={() => onRevoke(key)}
          aria-label={t('keys.revokeNamed', { name: key.name })}
        >
          {t('keys.revoke')}
        </Button>
      ),
    },
  ];
  return <DataTable label={t('keys.list')} columns={columns} rows={keys} rowKey={({ id }) => id} rowHeight={60} />;
}

function Expiry({ expiresAt }: { readonly expiresAt: string | null }) {
  const { t } = useTranslation('account');
  const format = useFormat();
  const [nowMs] = useState(() => Date.now());
  if (expiresAt === null) return t('keys.never');
  if (Date.parse(expiresAt) > nowMs) return format.date(expiresAt);
  return (
    <Badge size="sm" color="yellow" variant="light" tt="none">
      {t('keys.expired')}
    </Badge>
  );
}
