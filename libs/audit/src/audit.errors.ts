import { defineErrors } from '#platform';

export const auditErrors = defineErrors('audit', {
  RECORD_NOT_FOUND: {
    status: 404,
    title: 'Record not found',
    meaning: 'There is no audit event and no prediction of this id.',
  },
  RECORD_NOT_SEALED: {
    status: 409,
    title: 'Record not sealed',
    meaning:
      'It is not in a chain: it was written a moment ago (try again after `Retry-After` seconds), or before there were proofs, or its batch is damaged, which `latido audit verify` tells.',
  },
  VERIFICATION_RUNNING: {
    status: 409,
    title: 'Verification running',
    meaning: 'The record is being verified already, and one verification runs at a time.',
  },
  RECORD_OVERLOADED: {
    status: 503,
    title: 'Service unavailable',
    meaning:
      'More answers wait to be recorded than the server holds. Nothing was predicted; try again after `Retry-After` seconds.',
  },
});
