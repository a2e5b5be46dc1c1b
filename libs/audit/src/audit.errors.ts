import { defineErrors } from '#platform';

export const auditErrors = defineErrors('audit', {
  RECORD_OVERLOADED: {
    status: 503,
    title: 'Service unavailable',
    meaning:
      'More answers wait to be recorded than the server holds. Nothing was predicted; try again after `Retry-After` seconds.',
  },
});
