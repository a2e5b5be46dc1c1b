/** The reference files that are made from the code: what `npm run generate` writes and the drift check compares. */
import { kerasRefusals, layerDefinitions } from '#keras';
import { errorCatalogue, variableEntries } from '#platform';
import type { OpenAPIObject } from './openapi.js';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const GENERATED = '<!-- Written by `npm run generate`: change the code it is made from. -->';

/** docs/errors.md */
function errorsPage(): string {
  const kinds = errorCatalogue();
  const libs = [...new Set(kinds.map((kind) => kind.lib))];
  const sections = libs.map((lib) => {
    const rows = kinds
      .filter((kind) => kind.lib === lib)
      .map((kind) => [`\`${kind.code}\``, String(kind.status), kind.meaning]);
    return `## ${lib}\n\n${table(['Code', 'Status', 'Meaning'], rows)}`;
  });
  return `${GENERATED}
# Errors

Every refusal is \`application/problem+json\` (RFC 9457): \`type\`, \`title\`, \`status\`, \`detail\`, \`code\`, \`requestId\`, and \`errors\`, a list of
\`{pointer, detail}\`, where values are at fault: all of them at once. Codes are stable; sentences may change. The token endpoint answers
as RFC 6749 §5.2 says instead.

${sections.join('\n\n')}
`;
}

/** docs/configuration.md */
function configurationPage(): string {
  const rows = variableEntries.map(([name, variable]) => [
    `\`${name}\``,
    variable.default === undefined ? '–' : `\`${variable.default || '(empty)'}\``,
    variable.description,
  ]);
  return `${GENERATED}
# Configuration

Everything has a default that works: \`npm start\` needs no configuration. Variables come from the environment or from a file \`.env\` in the
folder where the server is started; the environment wins. An empty value counts as unset. A wrong value stops the start with the variable's
name, what is wrong and an example.

${table(['Variable', 'Default', 'Meaning'], rows)}
`;
}

/** .env.example */
function environmentExample(): string {
  const blocks = variableEntries.map(
    ([name, variable]) =>
      `# ${variable.description}\n${variable.default === undefined ? `# ${name}=${variable.example}` : `${name}=${variable.default}`}`,
  );
  return `# Copy to .env and change what you need. Every line shows the default; lines in comments are unset by default.\n\n${blocks.join('\n\n')}\n`;
}

/** docs/keras-layers.md */
function kerasLayersPage(): string {
  const rows = layerDefinitions
    .map(({ classNames, summary }) => [classNames.map((name) => `\`${name}\``).join(', '), summary])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const refusals = Object.entries(kerasRefusals).map(([code, meaning]) => [`\`${code}\``, meaning]);
  return `${GENERATED}
# What is read of Keras files

\`.keras\` archives and HDF5 files of Keras 2.0 and later, Sequential and Functional. A file is read completely or refused: nothing in it is
run, and nothing is skipped that would change an answer. \`latido keras inspect FILE\` says which of the two it is.

## Layers and functions

\`keras.ops.…\` are functions of Keras 3 that a model applies to tensors, \`tf.…\` are operations that Keras 2 wrote as layers. Inputs and nested
models are read as well.

${table(['Class', 'What is read'], rows)}

## Refusals

${table(['Code', 'Meaning'], refusals)}
`;
}

/** Paths from the project's root, and what they must hold. */
export function referenceFiles(document: OpenAPIObject): Record<string, string> {
  return {
    'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'docs/errors.md': errorsPage(),
    'docs/configuration.md': configurationPage(),
    'docs/keras-layers.md': kerasLayersPage(),
    '.env.example': environmentExample(),
  };
}
