/**
 * Refusals of the importer. A file is either read completely or refused with one of these codes and a sentence that
 * says what to do; nothing in a file is ever run, and nothing in it is skipped that would change an answer.
 */

/** Every reason for which a file is refused, with what it means. The codes are stable. */
export const kerasRefusals = {
  'not-keras': 'The bytes are neither an HDF5 file nor a Keras zip archive.',
  truncated: 'The file ends before its own end marker.',
  'corrupt-zip': 'The zip archive cannot be read.',
  'zip-duplicate-entry': 'The zip archive holds two entries of one name.',
  'zip-path-escape': 'A zip entry names a path outside of the archive.',
  'zip-size-mismatch': 'A zip entry inflates to another size than it declares.',
  'too-large': 'The file or one of its parts exceeds the configured bound.',
  'too-slow': 'Reading the file took longer than the configured time.',
  'too-much-memory': 'Reading the file took more memory than the configured bound.',
  'corrupt-hdf5': 'The HDF5 part cannot be read.',
  'external-link': 'The HDF5 part links to another file.',
  'external-storage': 'The HDF5 part keeps the bytes of a dataset in another file.',
  'unsupported-filter': 'A dataset of the HDF5 part is packed in a way that Keras never uses.',
  'weights-only': 'The file holds weights without an architecture.',
  'corrupt-npz': 'The weights in .npz cannot be read.',
  'sharded-weights': 'The weights are spread over several files.',
  'keras-1': 'The file was written by Keras 1.',
  'invalid-config': 'The configuration does not parse or contradicts itself.',
  'unsupported-model': 'The model is neither Sequential nor Functional.',
  'lambda-layer': 'The model holds a Lambda layer, which is Python code.',
  'unknown-layer': 'A layer is defined by its author and is no Keras layer.',
  'unsupported-layer': 'A layer of Keras that this importer does not read.',
  'unsupported-option': 'An option of a layer that this importer does not read.',
  'unsupported-activation': 'An activation that this importer does not read.',
  'unsupported-dtype': 'Numbers of a type that would change the answers.',
  'missing-weights': 'A layer has no weights in the file.',
  'shape-mismatch': 'Stored weights or connected tensors disagree with the configuration.',
} as const;

export type KerasRefusal = keyof typeof kerasRefusals;

const longestLine = 1_000;

/**
 * Text of a file as it may be shown: in one line, and with nothing in it that a terminal obeys. A file names its layers as
 * it likes, and they are named in refusals.
 */
export function onOneLine(text: string): string {
  const escaped = text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return escaped.length > longestLine ? `${escaped.slice(0, longestLine)}…` : escaped;
}

/** Thrown for every file that is not imported. `layer` names the layer at fault as the model's author named it. */
export class KerasImportError extends Error {
  override readonly name = 'KerasImportError';

  constructor(
    readonly code: KerasRefusal,
    message: string,
    readonly layer?: string,
    options?: ErrorOptions,
  ) {
    super(onOneLine(message), options);
  }
}
