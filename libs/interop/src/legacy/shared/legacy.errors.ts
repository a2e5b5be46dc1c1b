import { defineErrors } from '#platform';

export const legacyErrors = defineErrors('interop', {
  LEGACY_METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    meaning:
      'An older service has this route with another method; `Allow` says which. Answered in the service’s own shape.',
  },
  LEGACY_LOG_UNAVAILABLE: {
    status: 503,
    title: 'Log file unavailable',
    meaning:
      'An older service keeps a log file (`LEGACY_FILE_LOGS`) that is written before the answer, and it could not be written: the disk may ' +
      'be full. The prediction stands in the record.',
  },
  LEGACY_MODEL_UNFIT: {
    status: 503,
    title: 'Model does not fit the service',
    meaning:
      'The model that is configured for an older service answers something else than that service does; `detail` says what. ' +
      'Answered in the service’s own shape.',
  },
});
