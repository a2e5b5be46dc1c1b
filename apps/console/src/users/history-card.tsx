/** What was done to an account last, as the audit trail has it. */
import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { EventSentence } from '../audit/event-sentence';
import { eventsQuery } from '../audit/queries';
import '../audit/texts';
import { useFormat } from '../i18n/format';
import { TextLink } from '../parts/links';
import { ErrorNotice, Loading } from '../parts/states';
import classes from './history-card.module.css';
import './texts';

const SHOWN = 8;

export function HistoryCard({ userId }: { readonly userId: string }) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const target = { targetType: 'user', targetId: userId } as const;
  const events = useInfiniteQuery(eventsQuery(target));
  const shown = events.data?.pages[0]?.data.slice(0, SHOWN);
  return (
    <Card component="section" aria-label={t('history')}>
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{t('history')}</Title>
          <TextLink to="/audit" search={target}>
            {t('historyAll')}
          </TextLink>
        </Group>
        {events.isError && <ErrorNotice error={events.error} onRetry={() => void events.refetch()} />}
        {shown === undefined && !events.isError && <Loading lines={3} height={40} />}
        {shown?.length === 0 && <Text c="dimmed">{t('noHistory')}</Text>}
        {shown !== undefined && shown.length > 0 && (
          <Stack component="ul" gap="sm" p={0} m={0}>
            {shown.map((event) => (
              <li key={event.id} className={classes.event}>
                <Text size="sm">
                  <EventSentence event={event} />
                </Text>
                <Text size="xs" c="dimmed" component="time" dateTime={event.occurredAt}>
                  {format.dateTime(event.occurredAt)}
                </Text>
              </li>
            ))}
          </Stack>
        )}
      </Stack>
    </Card>
  );
}
