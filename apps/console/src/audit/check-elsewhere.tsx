/** How a proof is checked by somebody who trusts neither this page nor this server. */
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../parts/code-block';
import type { AuditProof } from './queries';

const COMMANDS = `# once, and kept elsewhere
npm run latido -- audit public-key > latido-audit.pem

node docs/check-proof.mjs proof.json latido-audit.pem`;

function save(proof: AuditProof): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(proof, null, 2)], { type: 'application/json' }));
  link.download = 'proof.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

export function CheckElsewhere({ proof }: { readonly proof: AuditProof }) {
  const { t } = useTranslation('audit');
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{t('elsewhereTitle')}</Title>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => save(proof)}>
            {t('download')}
          </Button>
        </Group>
        <Text size="sm">{t('elsewhere')}</Text>
        <CodeBlock label={t('elsewhereTitle')} code={COMMANDS} />
        <Text size="sm" c="dimmed">
          {t('elsewhereMore')}
        </Text>
      </Stack>
    </Card>
  );
}
