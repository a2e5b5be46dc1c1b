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
  RECORD_DAMAGED: {
    status: 500,
    title: 'Record damaged',
    meaning:
      'What is recorded of this prediction is not what Latido writes: somebody changed it in the database, or a disk did. ' +
      '`latido audit verify` tells which; restore it from a backup.',
  },
  REPLAY_UNAVAILABLE: {
    status: 409,
    title: 'Cannot be computed again here',
    meaning:
      'The recorded version does not load on the engine that computed the prediction, on this server; `detail` says why. ' +
      'With `engine=serving` it is computed on the engine that serves the version here.',
  },
  REPLAY_REFUSED: {
    status: 409,
    title: 'Recorded inputs are refused',
    meaning:
      'The version does not take the recorded inputs, or answers no number for them, though it once did: somebody changed ' +
      'the record, or a newer Latido reads inputs more strictly. `latido audit verify` finds a record that was changed.',
  },
  PREDICTION_OF_SEVERAL_ROWS: {
    status: 409,
    title: 'Which row?',
    meaning:
      'The prediction has several rows, and an outcome is that of one: name it, as in `/v1/predictions/{id}/rows/0/outcome`.',
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
  FILE_INVALID: {
    status: 422,
    title: 'The file cannot be scored',
    meaning:
      'A CSV file without a header, without a row, without a column that the model needs, with a cell of a megabyte, or in an encoding ' +
      'that is not known; `errors` names the columns. Rows that are at fault are no reason: they are answered in the column `error`.',
  },
  MODEL_TAKES_NO_FILES: {
    status: 422,
    title: 'The model takes no files',
    meaning: 'A row of this model is a series of observations, which a line of a CSV file does not hold: send JSON.',
  },
  ANSWER_TOO_LARGE: {
    status: 413,
    title: 'Too large to be answered at once',
    meaning:
      'The answer would be larger than what the server keeps for a client that does not read yet (`CSV_SPOOL_MB`). ' +
      'Send the file to `/v1/models/{model}/batches`, or with chunked transfer coding while reading the answer.',
  },
  STREAMS_EXCEEDED: {
    status: 429,
    title: 'Too many files at once',
    meaning:
      'The plan admits no further CSV file beside those that this server is answering to the same user (`concurrentStreams`).',
  },
  BATCH_NOT_FOUND: {
    status: 404,
    title: 'Batch not found',
    meaning: 'There is no such batch, or it is another user’s, or its time is over (`BATCH_DAYS`).',
  },
  BATCH_UNFINISHED: {
    status: 409,
    title: 'Batch is not done',
    meaning: 'Its results are there once it has ended; `GET /v1/batches/{id}` says how far it is.',
  },
  BATCH_FINISHED: {
    status: 409,
    title: 'Batch has ended',
    meaning: 'It has ended already, and cannot be cancelled any more.',
  },
  BATCH_WITHOUT_RESULTS: {
    status: 409,
    title: 'Batch has no results',
    meaning:
      'A batch with `onError=abort` has results of all its rows or of none, and this one has failed; it says why.',
  },
  BATCH_ROWS_REJECTED: {
    status: 422,
    title: 'Rows are at fault',
    meaning:
      'What a batch with `onError=abort` fails with when a row is at fault: `errors` of the batch names the first ones.',
  },
  BATCHES_EXCEEDED: {
    status: 429,
    title: 'Too many batches at once',
    meaning:
      'The user has as many batches that wait or are being done as anybody may: wait for one to end, or cancel one.',
  },
  BATCH_TOO_LARGE: {
    status: 413,
    title: 'File too large',
    meaning: 'The file is larger than a batch may be (`BATCH_INPUT_MB`); nothing of it was kept.',
  },
  SERVER_STOPPING: {
    status: 503,
    title: 'Server is stopping',
    meaning: 'The server is being stopped and ends files that take long; send the file again.',
  },
  RECORD_UNAVAILABLE: {
    status: 503,
    title: 'Service unavailable',
    meaning:
      'The prediction could not be recorded and is therefore not answered. Nothing counts against the rows of the day; ' +
      'try again after `Retry-After` seconds.',
  },
});
