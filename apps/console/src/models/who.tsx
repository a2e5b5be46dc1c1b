/** Who did something: by name for administrators, who may look accounts up. */
import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { actorQuery } from './queries';
import { useModelRights } from './roles';
import './texts';

/** @param userId null: the server itself or an operator at the command line */
export function Who({ userId }: { readonly userId: string | null }) {
  const { t } = useTranslation('models');
  const { me, mayActivate } = useModelRights();
  const { data } = useQuery({
    ...actorQuery(userId ?? ''),
    enabled: mayActivate && userId !== null && userId !== me?.id,
  });
  if (userId === null) return <>{t('byServer')}</>;
  if (userId === me?.id) return <>{t('byYou')}</>;
  if (!mayActivate || data === undefined) return <>{t('byAdministrator')}</>;
  const name = data.displayName ?? data.username ?? data.email ?? data.id;
  return (
    <Trans
      t={t}
      i18nKey="byLink"
      values={{ who: name }}
      components={{
        account: <Anchor inherit renderRoot={(props) => <Link {...props} to="/users/$id" params={{ id: userId }} />} />,
      }}
    />
  );
}
