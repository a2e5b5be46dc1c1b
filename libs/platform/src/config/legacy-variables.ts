/** The variables of older services' adapters: which are served, where, and what their old clients may go on doing. */
import { flag, modelName, modelNames, userName } from './parsers.js';
import { legacyNames, legacyPorts } from './legacy-parsers.js';
import { variable } from './variable.js';

export const legacyVariables = {
  LEGACY_APIS: variable({
    description:
      'Older services whose clients are served under /legacy/<name>, separated by commas: cardiac, shock, penguins, lab, glm. Unset: none. `npm start -- --legacy` serves all.',
    default: '',
    example: 'cardiac,shock',
    parse: legacyNames,
  }),
  LEGACY_PORTS: variable({
    description:
      'Ports at whose root services of LEGACY_APIS are served as well, as their clients know them: name:port, separated by commas. Unset: none.',
    default: '',
    example: 'cardiac:5000,shock:8000',
    parse: legacyPorts,
  }),
  LEGACY_WEAK_PASSWORDS: variable({
    description:
      'Whether accounts made through an older service may have any password. Theirs were short, and are easily guessed.',
    default: 'false',
    example: 'true',
    parse: flag,
  }),
  LEGACY_SELF_SERVICE_PLAN: variable({
    description: 'Whether users may switch their own plan through an older service that let them.',
    default: 'false',
    example: 'true',
    parse: flag,
  }),
  LEGACY_ANONYMOUS_USER: variable({
    description:
      'User name of the account that calls without a token count for, on the older services that knew no accounts (penguins, lab, glm). The server makes it at its start where there is none. They act as a plain user within its plan. Unset: such calls are refused.',
    example: 'older-clients',
    parse: userName,
  }),
  LEGACY_ANONYMOUS_MODELS: variable({
    description: 'Models, separated by commas, that calls without a token may see and use. Unset: none.',
    default: '',
    example: 'penguins',
    parse: modelNames,
  }),
  LEGACY_PENGUINS_MODELS: variable({
    description: 'Models that the older service penguins lists and classifies with, separated by commas.',
    default: 'penguins',
    example: 'penguins,penguins-forest',
    parse: modelNames,
  }),
  LEGACY_LAB_MODELS: variable({
    description: 'Models that the older service lab lists, activates and predicts with, separated by commas.',
    default: 'vertebral-column',
    example: 'vertebral-column,vertebral-forest',
    parse: modelNames,
  }),
  LEGACY_GLM_MODEL: variable({
    description: 'Model of two classes that the older service glm predicts with.',
    default: 'cardiac-risk',
    example: 'vertebral-binary',
    parse: modelName,
  }),
  LEGACY_FILE_LOGS: variable({
    description:
      'Whether the older services penguins and glm keep their log files, which hold what was sent, in DATA_DIR/legacy. Never for clinical models.',
    default: 'false',
    example: 'true',
    parse: flag,
  }),
};
