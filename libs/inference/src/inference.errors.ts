/** Domain errors of inference. */
import { defineErrors } from '#platform';

export const inferenceErrors = defineErrors('inference', {
  MODEL_UNREADABLE: {
    status: 422,
    title: 'Model cannot be read',
    meaning:
      'The artifact is damaged, of an unknown format or uses what no engine computes; `detail` says what to change in it.',
  },
  MODEL_TOO_COSTLY: {
    status: 503,
    title: 'Model takes too much to read',
    meaning:
      'Reading the file took more time or memory than IMPORT_SECONDS and IMPORT_MEMORY_MB allow, or verifying it more than a minute, and nothing was stored. A file made to do so is not a model; for an honest one raise the bounds, or try again when the machine is less busy.',
  },
  MODEL_DOES_NOT_FIT: {
    status: 422,
    title: 'Model and manifest disagree',
    meaning: 'The manifest declares other columns or classes than the artifact has; correct the manifest.',
  },
  INPUT_NOT_FINITE: {
    status: 422,
    title: 'Input is not a finite number',
    meaning:
      'NaN or infinity would reach the model. Recurrent layers can hide either, so it is refused before the model sees it.',
  },
  OUTPUT_NOT_FINITE: {
    status: 422,
    title: 'The model has no answer',
    meaning:
      'The model computed NaN or infinity for these values, or a probability outside of 0 to 1. Nothing was predicted.',
  },
  INFERENCE_BUSY: {
    status: 503,
    title: 'Too much to compute',
    meaning:
      'As many large batches wait for a free processor as may. Try again after `Retry-After`, or send fewer rows.',
  },
  INFERENCE_INTERRUPTED: {
    status: 503,
    title: 'Computation interrupted',
    meaning: 'The thread that computed ended, or the server stops. Nothing was predicted; try again.',
  },
  REMOTE_FAILED: {
    status: 503,
    title: 'Remote server failed',
    meaning:
      'The server that computes this model did not answer in time, refused, or answered what cannot be read. Nothing was predicted, ' +
      'and nothing was recorded; try again after `Retry-After` seconds.',
  },
  ENGINE_UNAVAILABLE: {
    status: 503,
    title: 'Inference engine unavailable',
    meaning:
      'The library that computes this model does not load on this machine, or lacks something that the model needs, or the server that computes it is not to be had; the log says why.',
  },
});
