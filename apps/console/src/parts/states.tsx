/** What stands where content is not (yet): loading, nothing, an error, a limit that is waited out. */
import { Alert, Button, Card, Center, Group, List, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconAlertTriangle, IconClockPause, IconInbox, IconRefresh } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LatidoProblem } from '../api/latido';
import { waitSecondsOf } from '../api/query-client';
import { CopyButton } from './copy-button';

/** A sentence for people; the server's own where it has said one. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (error instanceof LatidoProblem) return error.detail;
    // What fetch throws when nobody answers.
    if (error instanceof TypeError) return t('errors.offline');
    return t('errors.unexpected');
  };
}

interface ErrorNoticeProps {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** Asking again brings the same answer. */
function isFinal(error: unknown): boolean {
  return error instanceof LatidoProblem && [403, 404, 410].includes(error.status);
}

export function ErrorNotice({ error, title, onRetry }: ErrorNoticeProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const problem = error instanceof LatidoProblem ? error : undefined;
  const requestId = problem?.requestId;
  return (
    <Alert
      color="alarm"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? t('errorTitle')}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        {/* The server speaks one language. */}
        <Text size="sm" lang={problem && 'en'}>
          {errorText(error)}
        </Text>
        {problem && problem.errors.length > 0 && (
          <List size="sm" spacing={2} lang="en">
            {problem.errors.map(({ pointer, detail }) => (
              <List.Item key={`${pointer} ${detail}`}>
                <code>{pointer}</code> {detail}
              </List.Item>
            ))}
          </List>
        )}
        <Group gap="xs">
          {onRetry && !isFinal(error) && (
            <Button size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onRetry}>
              {t('retry')}
            </Button>
          )}
          {requestId !== undefined && (
            <Group gap="xs" wrap="nowrap">
              <Text size="xs" c="dimmed" ff="monospace">
                {t('requestId', { id: requestId })}
              </Text>
              <CopyButton value={requestId} />
            </Group>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

function useSecondsUntil(atMs: number): number {
  const secondsLeft = (): number => Math.max(0, Math.ceil((atMs - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(secondsLeft);
  useEffect(() => {
    const update = (): void => setSeconds(secondsLeft());
    update();
    const timer = setInterval(update, 250);
    return () => clearInterval(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [atMs]);
  return seconds;
}

interface WaitingNoticeProps {
  /** When it goes again, as `Date.now()` counts. */
  readonly againAtMs: number;
  readonly onCancel?: () => void;
}

/** A limit was reached: says when it goes again. Told once to those who hear the page, not every second. */
export function WaitingNotice({ againAtMs, onCancel }: WaitingNoticeProps) {
  const { t } = useTranslation();
  const seconds = useSecondsUntil(againAtMs);
  return (
    <Alert color="yellow" variant="light" icon={<IconClockPause aria-hidden />}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" className="numbers" role="timer">
          {t('waitingForLimit', { count: seconds })}
        </Text>
        {onCancel && (
          <Button size="xs" variant="default" onClick={onCancel}>
            {t('stopWaiting')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** The same, of a wait that begins when this is shown. */
function WaitingFor({ seconds }: { readonly seconds: number }) {
  const [againAtMs] = useState(() => Date.now() + seconds * 1000);
  return <WaitingNotice againAtMs={againAtMs} />;
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
  /** What to do about it. */
  readonly action?: ReactNode;
  /** Level of the heading: 1 where it is the whole page. */
  readonly order?: 1 | 2;
}

export function Empty({ title, children, icon, action, order = 2 }: EmptyProps) {
  return (
    <Card>
      <Center py="xl">
        <Stack align="center" gap="sm" maw={440}>
          <ThemeIcon size={52} radius="xl" variant="light" aria-hidden>
            {icon ?? <IconInbox size={28} />}
          </ThemeIcon>
          <Title order={order} ta="center">
            {title}
          </Title>
          {children !== undefined && (
            <Text c="dimmed" ta="center">
              {children}
            </Text>
          )}
          {action}
        </Stack>
      </Center>
    </Card>
  );
}

/** Lines where a list or a card will be, as high as what comes, so that nothing jumps. */
export function Loading({ lines = 6, height = 28 }: { readonly lines?: number; readonly height?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={height} radius="sm" />
      ))}
    </Stack>
  );
}

interface QueryStateProps<T> {
  readonly query: UseQueryResult<T>;
  readonly loading?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** Shows what a query found; until then that it loads, waits for a limit, or has failed. */
export function QueryState<T>({ query, loading, children }: QueryStateProps<T>) {
  const waitSeconds = query.isFetching ? waitSecondsOf(query.failureReason) : undefined;
  const waiting = waitSeconds !== undefined && <WaitingFor key={query.failureCount} seconds={waitSeconds} />;
  if (query.data !== undefined)
    return (
      <>
        {waiting}
        {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    );
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return waiting || (loading ?? <Loading />);
}
