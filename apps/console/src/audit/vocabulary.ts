/** The words of audit events, in the order in which they are offered as filters. */
import type { AuditEvent } from './queries';

type Action = AuditEvent['action'];
type TargetType = AuditEvent['target']['type'];
type ActorKind = AuditEvent['actor']['kind'];

/** A record that has a word for each: one that the server adds must be added here. */
const ACTION_SUBJECTS: Readonly<Record<Action, Subject>> = {
  'user.registered': 'accounts',
  'user.invited': 'accounts',
  'user.updated': 'accounts',
  'user.role-changed': 'accounts',
  'user.status-changed': 'accounts',
  'user.password-changed': 'accounts',
  'user.password-reset': 'accounts',
  'session.started': 'sessions',
  'session.refused': 'sessions',
  'session.refresh-reused': 'sessions',
  'session.revoked': 'sessions',
  'session.revoked-everywhere': 'sessions',
  'api-key.created': 'sessions',
  'api-key.revoked': 'sessions',
  'plan.changed': 'plans',
  'subscription.changed': 'plans',
  'model-version.registered': 'models',
  'model-version.rejected': 'models',
  'model-version.activated': 'models',
  'model-version.rolled-back': 'models',
  'model-version.retired': 'models',
  'model-version.restored': 'models',
  'model-version.deleted': 'models',
  'model-policy.changed': 'models',
  'model-traffic.changed': 'models',
  'legacy-lab.model-chosen': 'models',
  'prediction.read-by-other': 'patients',
  'batch.read-by-other': 'patients',
  'prediction.replayed': 'patients',
  'prediction.outcome-recorded': 'patients',
  'subject.erased': 'patients',
  'record.month-dropped': 'record',
  'audit.key-rotated': 'record',
  'record.backed-up': 'record',
  'record.restored': 'record',
};
const TARGET_TYPES: Readonly<Record<TargetType, true>> = {
  user: true,
  plan: true,
  'api-key': true,
  session: true,
  model: true,
  'model-version': true,
  prediction: true,
  batch: true,
  record: true,
};
const ACTOR_KINDS: Readonly<Record<ActorKind, true>> = { user: true, 'api-key': true, system: true, anonymous: true };

export type Subject = 'accounts' | 'sessions' | 'plans' | 'models' | 'patients' | 'record';
export const SUBJECTS: readonly Subject[] = ['accounts', 'sessions', 'plans', 'models', 'patients', 'record'];

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>) => Object.keys(record) as Key[];
const knownIn = <Key extends string>(record: Readonly<Record<Key, unknown>>, value: string | undefined) =>
  keysOf(record).find((key) => key === value);

export const actionsOf = (subject: Subject): Action[] =>
  keysOf(ACTION_SUBJECTS).filter((action) => ACTION_SUBJECTS[action] === subject);
export const targetTypes = keysOf(TARGET_TYPES);
export const actorKinds = keysOf(ACTOR_KINDS);

/** What somebody wrote into a link may be no word of these. */
export const knownAction = (value: string | undefined): Action | undefined => knownIn(ACTION_SUBJECTS, value);
export const knownTargetType = (value: string | undefined): TargetType | undefined => knownIn(TARGET_TYPES, value);
export const knownActorKind = (value: string | undefined): ActorKind | undefined => knownIn(ACTOR_KINDS, value);
