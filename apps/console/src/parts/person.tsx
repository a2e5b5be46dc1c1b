/** Whose something is: one's own, by name where one may ask for it, else by id. */
import { Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { TextLink } from './links';
import { dataOf, latido } from '../api/latido';
import { nameOf } from '../session/name-of';
import { meQuery } from '../session/session';
import classes from './person.module.css';
import './texts';
import { useCopy } from './use-copy';

/** Ids begin with their time: their ends tell them apart. */
const ID_SHOWN = 8;

export function Person({ userId }: { readonly userId: string }) {
  const { t } = useTranslation('parts');
  const { data: me } = useQuery(meQuery);
  const mayAsk = me?.role === 'admin' && me.id !== userId;
  const { data: user } = useQuery({
    queryKey: ['users', userId],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/users/{id}', { params: { path: { id: userId } }, signal })),
    enabled: mayAsk,
    staleTime: 5 * 60_000,
  });
  if (me?.id === userId) return <>{t('you')}</>;
  const name = (user && nameOf(user)) || undefined;
  const end = `…${userId.slice(-ID_SHOWN)}`;
  if (!mayAsk) return <AccountId id={userId} end={end} />;
  return (
    <TextLink to="/users/$id" params={{ id: userId }}>
      {name ?? (
        <Text span inherit ff="monospace" title={userId}>
          {end}
        </Text>
      )}
    </TextLink>
  );
}

/** The whole id is what filters and other tools take: it is copied. */
function AccountId({ id, end }: { readonly id: string; readonly end: string }) {
  const { t } = useTranslation(['parts', 'common']);
  const { state, copy } = useCopy(id);
  const said = { idle: t('accountId', { id }), copied: t('common:copied'), failed: t('common:copyFailed') }[state];
  return (
    <Tooltip label={said} multiline maw={260}>
      <UnstyledButton className={classes.id} aria-label={t('copyAccountId', { end })} onClick={() => void copy()}>
        {end}
      </UnstyledButton>
    </Tooltip>
  );
}
