import { defineErrors } from '#platform';

export const modelErrors = defineErrors('models', {
  MODEL_NOT_FOUND: {
    status: 404,
    title: 'Model not found',
    meaning:
      'No model of this name is registered, or none of its versions may be seen by the caller. `GET /v1/models` lists those that may.',
  },
  VERSION_NOT_FOUND: {
    status: 404,
    title: 'Model version not found',
    meaning:
      'The model has no such version, or the caller may not name it: users name versions that are or were active and are not retired; administrators and publishers any verified one.',
  },
  MODEL_NOT_ACTIVE: {
    status: 404,
    title: 'Model not active',
    meaning:
      'The model exists, but no version of it is active. An administrator activates one with `PUT /v1/models/{model}/active`.',
  },
  EVALUATION_NOT_FOUND: {
    status: 404,
    title: 'Evaluation not found',
    meaning: 'This version was registered without an evaluation.json.',
  },
  VERSION_NOT_ACTIVATABLE: {
    status: 409,
    title: 'Version cannot be activated',
    meaning: 'A rejected or retired version cannot be activated; the version itself says why it was rejected.',
  },
  VERSION_ALREADY_ACTIVE: {
    status: 409,
    title: 'Version already active',
    meaning: 'The version asked for is the active one already. Nothing was changed.',
  },
  GATE_REFUSED: {
    status: 409,
    title: 'Refused by the policy',
    meaning:
      "The model's activation policy has something against the version; `errors` names each objection, with a pointer into the policy. An administrator may send `override: true` with a reason, which is recorded.",
  },
  NOTHING_TO_ROLL_BACK: {
    status: 409,
    title: 'Nothing to roll back to',
    meaning:
      'No version answered before the active one, or that one is retired. Activate the one that is wanted by name.',
  },
  VERSION_IN_SERVICE: {
    status: 409,
    title: 'Version in service',
    meaning: 'The version is active, has a share of the traffic or runs in shadow. Put another one in its place first.',
  },
  VERSION_REFERRED_TO: {
    status: 409,
    title: 'Version is part of the record',
    meaning:
      'The version was in service, or predictions were made with it: the record refers to it, so it cannot be deleted. `?retire=true` takes it out of use instead.',
  },
  ACTIVATION_CONFLICT: {
    status: 409,
    title: 'Activation conflict',
    meaning:
      'Another version was activated while this request was being handled. Nothing was changed by this one: look at what is active now, and ask again if it should still be replaced.',
  },
  VERSION_NOT_LOADED: {
    status: 503,
    title: 'Model unavailable',
    meaning:
      'The version could not be loaded: its stored artifact is damaged, the engine refuses it, or it no longer matches its golden rows on this engine. The log says which; an operator must look.',
  },
  ARTIFACT_DAMAGED: {
    status: 500,
    title: 'Artifact damaged',
    meaning:
      'The stored model file is missing, or its bytes are no longer those that were registered. It is neither served nor handed out; restore it from a backup, or register the same file under a new version.',
  },
  ARTIFACT_UNAVAILABLE: {
    status: 503,
    title: 'Artifact unavailable',
    meaning:
      'The model file could not be brought from where it is kept, or to it: the artifact store does not answer or refuses, the disk of DATA_DIR is full, or the file was changed while it was read. Nothing was stored. Try again after `Retry-After`; the log says more.',
  },
  MANIFEST_INVALID: {
    status: 422,
    title: 'Invalid manifest',
    meaning:
      'The manifest, or a file that it names, does not have the form that its schema asks for; `errors` names each place.',
  },
  MANIFEST_NOT_INFERRED: {
    status: 422,
    title: 'Manifest cannot be inferred',
    meaning:
      'No manifest came with the file, and the file does not say enough of what goes in and what comes out; `detail` says what is missing. Write a manifest, for instance from the draft of POST /v1/models/inspect for a similar file.',
  },
  VERSION_CONFLICT: {
    status: 409,
    title: 'Version exists',
    meaning:
      'This version is registered already with other content. A version is immutable: register the new content under a new version.',
  },
});
