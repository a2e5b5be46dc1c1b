/** All that the record says of one event, word for word. */
import { Group, Stack, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { CodeBlock } from '../parts/code-block';
import { CopyButton } from '../parts/copy-button';
import { Dialog } from '../parts/dialog';
import { ButtonLink } from '../parts/links';
import { EventSentence } from './event-sentence';
import type { AuditEvent } from './queries';

interface EventDetailsProps {
  /** Undefined: closed. */
  readonly event: AuditEvent | undefined;
  readonly onClose: () => void;
}

export function EventDetails({ event, onClose }: EventDetailsProps) {
  return (
    <Dialog opened={event !== undefined} onClose={onClose} title={event?.action ?? ''}>
      {event && <Event event={event} />}
    </Dialog>
  );
}

function Event({ event }: { readonly event: AuditEvent }) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const { id, occurredAt, actor, target, details, requestId } = event;
  const ids = [
    { label: t('eventId'), value: id },
    { label: t('actorId'), value: actor.id },
    { label: `${t('targetId')} (${t(`targets.${target.type}`)})`, value: target.id },
    { label: t('requestId'), value: requestId },
  ];
  return (
    <Stack>
      <Text>
        <EventSentence event={event} />
      </Text>
      <Text size="sm" c="dimmed" className="numbers">
        {format.dateTime(occurredAt)}
      </Text>
      <Stack gap={4}>
        {ids
          .filter(({ value }) => value !== null)
          .map(({ label, value }) => (
            <Group key={label} gap="xs" wrap="nowrap" justify="space-between">
              <div>
                <Text size="xs" c="dimmed">
                  {label}
                </Text>
                <Text size="xs" ff="monospace">
                  {value}
                </Text>
              </div>
              <CopyButton value={value!} />
            </Group>
          ))}
      </Stack>
      {Object.keys(details).length > 0 && <CodeBlock label={t('rawDetails')} code={JSON.stringify(details, null, 2)} />}
      <Group justify="flex-end">
        <ButtonLink
          leftSection={<IconShieldCheck size={16} aria-hidden />}
          to="/audit"
          search={{ tab: 'proof', proof: id }}
        >
          {t('openProof')}
        </ButtonLink>
      </Group>
    </Stack>
  );
}
