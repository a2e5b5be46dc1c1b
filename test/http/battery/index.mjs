/** The battery, in the order in which it is run. */
import accounts from './accounts.mjs';
import errors from './errors.mjs';
import files from './files.mjs';
import openInferenceProtocol from './open-inference-protocol.mjs';
import operations from './operations.mjs';
import plans from './plans.mjs';
import predictions from './predictions.mjs';
import record from './record.mjs';
import registry from './registry.mjs';

export const topics = [
  operations,
  accounts,
  plans,
  predictions,
  errors,
  files,
  record,
  registry,
  openInferenceProtocol,
];
