/** Whose something is: one's own, by name where one may ask for it, else by id. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { TextLink } from './links';
import { dataOf, latido } from '../api/latido';
import { nameOf } from '../session/name-of';
import { meQuery } from '../session/session';
import './texts';

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
  const shown = name ?? (
    // Ids begin with their time: their ends tell them apart.
    <Text span inherit ff="monospace" title={userId}>
      …{userId.slice(-ID_SHOWN)}
    </Text>
  );
  if (!mayAsk) return <>{shown}</>;
  return (
    <TextLink to="/users/$id" params={{ id: userId }}>
      {shown}
    </TextLink>
  );
}
