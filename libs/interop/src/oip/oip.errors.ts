import { defineErrors, DomainError } from '#platform';

export const oipErrors = defineErrors('interop', {
  INFERENCE_REQUEST_INVALID: {
    status: 400,
    title: 'Invalid inference request',
    meaning:
      'A request of the Open Inference Protocol that cannot be taken: its tensors disagree with their shape or datatype, are not ' +
      'those that the model takes, or ask for what is not offered. Answered as `{"error": "…"}`.',
  },
  MODEL_NOT_IN_MEMORY: {
    status: 503,
    title: 'Model not in memory',
    meaning:
      'The Open Inference Protocol asks whether a model is ready, and it is not in the memory of this process. The next inference ' +
      'loads it, and so does an administrator by `POST /v2/repository/models/{model}/load`.',
  },
  NOT_READY: {
    status: 503,
    title: 'Not ready',
    meaning: 'The server is not ready to answer; `GET /health/ready` says what is failing.',
  },
});

export function requestInvalid(detail: string, cause?: unknown): DomainError {
  return new DomainError(oipErrors.INFERENCE_REQUEST_INVALID, detail, { cause });
}
