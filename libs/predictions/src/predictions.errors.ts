import { defineErrors } from '#platform';

export const predictionErrors = defineErrors('predictions', {
  PREDICTION_NOT_FOUND: {
    status: 404,
    title: 'Prediction not found',
    meaning: 'There is no such prediction, or it is another user’s, or it has no such row.',
  },
  PREDICTION_ERASED: {
    status: 410,
    title: 'Prediction erased',
    meaning: 'What this prediction says of its patients has been erased; that it was made, and its proof, remain.',
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 422,
    title: 'Invalid Idempotency-Key',
    meaning: 'The header `Idempotency-Key` must be 1 to 255 visible ASCII characters without spaces.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'Idempotency-Key used for another request',
    meaning:
      'Within the last 24 hours the same user sent this `Idempotency-Key` with another body or for another model. ' +
      'Nothing was predicted; use a new key for a new request.',
  },
  RECORD_UNAVAILABLE: {
    status: 503,
    title: 'Service unavailable',
    meaning:
      'The prediction could not be recorded and is therefore not answered. Nothing counts against the rows of the day; ' +
      'try again after `Retry-After` seconds.',
  },
});
