/** Who may do what with a model, as the server has it. */
import { useQuery } from '@tanstack/react-query';
import { mayActAs, meQuery, type Me } from '../session/session';

export interface ModelRights {
  readonly me: Me | undefined;
  /** Publishes versions, and takes their files. */
  readonly mayPublish: boolean;
  /** Sees the policy, what it says of a version, and how a canary does. */
  readonly maySeePolicy: boolean;
  /** Activates, rolls back, shares the traffic. */
  readonly mayActivate: boolean;
}

export function useModelRights(): ModelRights {
  const { data: me } = useQuery(meQuery);
  const role = me?.role ?? 'user';
  return {
    me,
    mayPublish: mayActAs(role, 'publisher'),
    maySeePolicy: mayActAs(role, 'publisher') || mayActAs(role, 'auditor'),
    mayActivate: role === 'admin',
  };
}
