/** Audit events in words: `who` acted, `what` was acted on, the rest comes from the event's details. */
import type { TextsOf } from '../i18n/texts';

export const en = {
  user: {
    registered: '<who/> registered the account <what/>',
    invited: '<who/> invited <what/>',
    updated: '<who/> changed the name of <what/>',
    'role-changed': '<who/> changed the role of <what/> from {{from}} to {{to}}',
    'status-changed': '<who/> changed the status of <what/> from {{from}} to {{to}}',
    'password-changed': '<who/> changed the password of <what/>',
    'password-reset': '<who/> set a new password for <what/>',
  },
  session: {
    started: '<who/> signed in',
    refused: '<who/> tried to sign in as <what/> and was refused: {{reason}}',
    'refresh-reused': '<who/> used a refresh token a second time; the session <what/> was ended',
    revoked: '<who/> ended the session <what/>',
    'revoked-everywhere': '<who/> ended all sessions of <what/>',
  },
  'api-key': {
    created: '<who/> made the API key <what/>',
    revoked: '<who/> revoked the API key <what/>',
  },
  plan: { changed: '<who/> changed the limits of the plan <what/>' },
  subscription: { changed: '<who/> changed the plan of <what/> from {{from}} to {{to}}' },
  'model-version': {
    registered: '<who/> published the model version <what/>',
    rejected: '<who/> published <what/>, and it was rejected: {{reason}}',
    activated: '<who/> made {{to}} the active version of <what/>',
    'rolled-back': '<who/> rolled <what/> back from {{from}} to {{to}}',
    retired: '<who/> retired the model version <what/>',
    restored: '<who/> restored the model version <what/>',
    deleted: '<who/> deleted the model version <what/>',
  },
  'model-policy': { changed: '<who/> changed what versions of <what/> must meet to be activated' },
  'model-traffic': { changed: '<who/> changed the shares of traffic of <what/>' },
  'legacy-lab': { 'model-chosen': '<who/> chose {{version}} of <what/> for an older service' },
  prediction: {
    'read-by-other': '<who/> read somebody else’s prediction <what/>',
    replayed: '<who/> replayed the prediction <what/>',
    'outcome-recorded': '<who/> recorded the outcome of the prediction <what/>',
  },
  batch: { 'read-by-other': '<who/> read somebody else’s batch <what/>' },
  subject: { erased: '<who/> erased what the record said of a patient' },
  record: {
    'month-dropped': '<who/> dropped a month of the record',
    'backed-up': '<who/> made a backup of the record',
    restored: '<who/> restored the record from a backup',
  },
  audit: { 'key-rotated': '<who/> replaced the key that signs the record' },
};

export const es: TextsOf<typeof en> = {
  user: {
    registered: '<who/> registró la cuenta <what/>',
    invited: '<who/> invitó a <what/>',
    updated: '<who/> cambió el nombre de <what/>',
    'role-changed': '<who/> cambió el rol de <what/> de {{from}} a {{to}}',
    'status-changed': '<who/> cambió el estado de <what/> de {{from}} a {{to}}',
    'password-changed': '<who/> cambió la contraseña de <what/>',
    'password-reset': '<who/> estableció una contraseña nueva para <what/>',
  },
  session: {
    started: '<who/> inició sesión',
    refused: '<who/> intentó iniciar sesión como <what/> y se le rechazó: {{reason}}',
    'refresh-reused': '<who/> usó por segunda vez un testigo de renovación; se cerró la sesión <what/>',
    revoked: '<who/> cerró la sesión <what/>',
    'revoked-everywhere': '<who/> cerró todas las sesiones de <what/>',
  },
  'api-key': {
    created: '<who/> creó la clave de API <what/>',
    revoked: '<who/> revocó la clave de API <what/>',
  },
  plan: { changed: '<who/> cambió los límites del plan <what/>' },
  subscription: { changed: '<who/> cambió el plan de <what/> de {{from}} a {{to}}' },
  'model-version': {
    registered: '<who/> publicó la versión de modelo <what/>',
    rejected: '<who/> publicó <what/> y se rechazó: {{reason}}',
    activated: '<who/> puso {{to}} como versión activa de <what/>',
    'rolled-back': '<who/> devolvió <what/> de {{from}} a {{to}}',
    retired: '<who/> retiró la versión de modelo <what/>',
    restored: '<who/> recuperó la versión de modelo <what/>',
    deleted: '<who/> eliminó la versión de modelo <what/>',
  },
  'model-policy': { changed: '<who/> cambió lo que las versiones de <what/> deben cumplir para activarse' },
  'model-traffic': { changed: '<who/> cambió el reparto del tráfico de <what/>' },
  'legacy-lab': { 'model-chosen': '<who/> eligió {{version}} de <what/> para un servicio anterior' },
  prediction: {
    'read-by-other': '<who/> leyó la predicción ajena <what/>',
    replayed: '<who/> repitió la predicción <what/>',
    'outcome-recorded': '<who/> anotó el desenlace de la predicción <what/>',
  },
  batch: { 'read-by-other': '<who/> leyó el lote ajeno <what/>' },
  subject: { erased: '<who/> borró lo que el registro decía de un paciente' },
  record: {
    'month-dropped': '<who/> retiró un mes del registro',
    'backed-up': '<who/> hizo una copia de seguridad del registro',
    restored: '<who/> restauró el registro desde una copia de seguridad',
  },
  audit: { 'key-rotated': '<who/> reemplazó la clave que firma el registro' },
};
