/** The battery, in the order in which it is run. */
import accounts from './accounts.mjs';
import errors from './errors.mjs';
import files from './files.mjs';
import legacyCardiac from './legacy-cardiac.mjs';
import legacyGlm from './legacy-glm.mjs';
import legacyLab from './legacy-lab.mjs';
import legacyPenguins from './legacy-penguins.mjs';
import legacyShock from './legacy-shock.mjs';
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
  legacyCardiac,
  legacyShock,
  legacyPenguins,
  legacyLab,
  legacyGlm,
];
