/** An audit event as a sentence: who did what to what. */
import { Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import { TextLink } from '../parts/links';
import { Person } from '../parts/person';
import { isUuid } from './event-filter';
import type { AuditEvent } from './queries';

const ID_SHOWN = 8;

export function EventSentence({ event }: { readonly event: AuditEvent }) {
  const { t } = useTranslation('audit');
  const { action, details } = event;
  return (
    <Trans
      t={t}
      i18nKey={`sentences.${action}`}
      values={wordsOf(details)}
      components={{ who: <Actor actor={event.actor} />, what: <Target target={event.target} details={details} /> }}
    />
  );
}

/** What of the details is a word or a number. */
function wordsOf(details: AuditEvent['details']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(details)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([name, value]) => [name, String(value)]),
  );
}

function Actor({ actor: { kind, id } }: { readonly actor: AuditEvent['actor'] }) {
  const { t } = useTranslation('audit');
  if (id === null) return <>{t(kind === 'system' ? 'theServer' : 'somebody')}</>;
  return (
    <>
      <Person userId={id} />
      {kind === 'api-key' && ` ${t('byApiKey')}`}
    </>
  );
}

interface TargetProps {
  readonly target: AuditEvent['target'];
  readonly details: AuditEvent['details'];
}

function Target({ target: { type, id }, details }: TargetProps) {
  const { t } = useTranslation('audit');
  const { model, version, prefix } = wordsOf(details);
  const short = (
    <Text span inherit ff="monospace" title={id}>
      …{id.slice(-ID_SHOWN)}
    </Text>
  );
  if (type === 'user') return isUuid(id) ? <Person userId={id} /> : <>{t('unknownAccount')}</>;
  if (type === 'prediction')
    return (
      <TextLink to="/predictions/$id" params={{ id }}>
        {short}
      </TextLink>
    );
  if (type === 'batch')
    return (
      <TextLink to="/batches/$id" params={{ id }}>
        {short}
      </TextLink>
    );
  if (type === 'model')
    return (
      <TextLink to="/models/$model" params={{ model: id }}>
        {id}
      </TextLink>
    );
  if (type === 'model-version' && model !== undefined && version !== undefined)
    return (
      <TextLink to="/models/$model" params={{ model }}>
        {model} {version}
      </TextLink>
    );
  if (type === 'api-key' && prefix !== undefined) return <code>{prefix}…</code>;
  if (type === 'plan') return <>{id}</>;
  return short;
}
