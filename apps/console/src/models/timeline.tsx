/** What was live when, and how the traffic was shared: who did it, and why. */
import { Button, Card, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconArrowBackUp, IconArrowsSplit, IconRocket, type Icon } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { ErrorNotice, Loading } from '../parts/states';
import { historyOf, type HistoryEvent } from './history';
import { activationPages, trafficPages, type Activation, type Traffic } from './queries';
import './texts';
import classes from './timeline.module.css';
import { useTrafficWords } from './traffic-words';
import { Who } from './who';

export function Timeline({ model }: { readonly model: string }) {
  const { t } = useTranslation('models');
  const { t: tCommon } = useTranslation();
  const activations = useInfiniteQuery(activationPages(model));
  const traffic = useInfiniteQuery(trafficPages(model));
  const failed = [activations, traffic].find(({ isError }) => isError);
  const isLoaded = activations.data !== undefined && traffic.data !== undefined;
  const events = historyOf(
    { items: activations.data?.pages.flatMap(({ data }) => data) ?? [], hasMore: activations.hasNextPage },
    { items: traffic.data?.pages.flatMap(({ data }) => data) ?? [], hasMore: traffic.hasNextPage },
  );
  const older = [activations, traffic].filter(({ hasNextPage }) => hasNextPage);
  return (
    <Card>
      <Stack gap="md">
        <Title order={3}>{t('history')}</Title>
        {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
        {!failed && !isLoaded && <Loading lines={3} height={44} />}
        {isLoaded && events.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('historyNone')}
          </Text>
        )}
        {isLoaded && events.length > 0 && (
          <ol className={classes.events}>
            {events.map((event) => (
              <Event key={`${event.kind} ${event.at}`} event={event} />
            ))}
          </ol>
        )}
        {isLoaded && older.length > 0 && (
          <Button
            variant="default"
            size="xs"
            loading={older.some(({ isFetchingNextPage }) => isFetchingNextPage)}
            onClick={() => older.forEach((pages) => void pages.fetchNextPage())}
          >
            {tCommon('more')}
          </Button>
        )}
      </Stack>
    </Card>
  );
}

const ICONS: Readonly<Record<'activation' | 'rollback' | 'traffic', Icon>> = {
  activation: IconRocket,
  rollback: IconArrowBackUp,
  traffic: IconArrowsSplit,
};

function Event({ event }: { readonly event: HistoryEvent }) {
  const format = useFormat();
  const Sign = ICONS[event.kind === 'activation' ? event.activation.kind : 'traffic'];
  const { reason, overridden } = event.kind === 'activation' ? event.activation : event.traffic;
  const actor = event.kind === 'activation' ? event.activation.activatedBy : event.traffic.changedBy;
  return (
    <li className={classes.event}>
      <ThemeIcon className={classes.sign} variant="light" radius="xl" size={23} aria-hidden>
        <Sign size={14} />
      </ThemeIcon>
      {event.kind === 'activation' ? (
        <ActivationWords activation={event.activation} />
      ) : (
        <TrafficChangeWords traffic={event.traffic} />
      )}
      <Text size="xs" c="dimmed">
        <time dateTime={event.at}>{format.dateTime(event.at)}</time> · <Who userId={actor} />
      </Text>
      {reason !== null && <Text size="sm">“{reason}”</Text>}
      {overridden !== null && <Overridden objections={overridden} />}
    </li>
  );
}

function ActivationWords({ activation }: { readonly activation: Activation }) {
  const { t } = useTranslation('models');
  const { kind, version, previousVersion } = activation;
  return (
    <Text size="sm" fw={600}>
      {t(`events.${kind}`, { version })}
      {previousVersion !== null && (
        <Text span inherit fw={400}>
          {' '}
          {t('insteadOf', { version: previousVersion })}
        </Text>
      )}
    </Text>
  );
}

function TrafficChangeWords({ traffic }: { readonly traffic: Traffic }) {
  const { t } = useTranslation('models');
  const words = useTrafficWords()(traffic);
  return (
    <>
      <Text size="sm" fw={600}>
        {words.length === 0 ? t('events.trafficEnded') : t('events.traffic')}
      </Text>
      {words.map((sentence) => (
        <Text key={sentence} size="sm">
          {sentence}
        </Text>
      ))}
    </>
  );
}

function Overridden({ objections }: { readonly objections: readonly string[] }) {
  const { t } = useTranslation('models');
  return (
    <Text size="sm">
      {t('overrode')} <span lang="en">{objections.join('; ')}</span>
    </Text>
  );
}
