/** A model file, small ones in memory. Several engines load the same one, and a Keras file is imported only once. */
import { KerasImportError, type KerasGraph } from '#keras';
import { DomainError } from '#platform';
import { kerasImporter, type KerasImporter } from '../import/keras-importer.js';
import { inferenceErrors } from '../inference.errors.js';
import type { ArtifactFormat } from '../manifest.js';
import type { ModelContent } from './model-file.js';

export class ModelArtifact {
  private imported?: Promise<KerasGraph>;

  constructor(
    readonly content: ModelContent,
    readonly format: ArtifactFormat,
    private readonly importer: KerasImporter = kerasImporter,
  ) {}

  /** The file's bytes: read anew each time where they are not in memory. */
  async bytes(): Promise<Uint8Array> {
    return this.content instanceof Uint8Array ? this.content : this.content.read();
  }

  /**
   * Numbers that the layers of a model answer for one row, all together: what a run holds in memory at the most. Undefined
   * where the file does not say. Throws as `kerasGraph`.
   */
  async valuesPerRow(): Promise<number | undefined> {
    if (this.format === 'onnx' || this.format === 'remote') return undefined;
    const { nodes } = await this.kerasGraph();
    const sizes = nodes.flatMap(({ outputs }) => outputs.map(({ shape }) => sizeOfRow(shape)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /**
   * The graph of a Keras file. Throws `MODEL_UNREADABLE` with the importer's reason, whose code is in the cause, or
   * `MODEL_TOO_COSTLY`, which may be the machine's fault.
   */
  kerasGraph(): Promise<KerasGraph> {
    this.imported ??= this.importKeras();
    return this.imported;
  }

  private async importKeras(): Promise<KerasGraph> {
    try {
      return await this.importer.import(await this.bytes());
    } catch (error) {
      if (!(error instanceof KerasImportError)) throw error;
      const costly = error.code === 'too-slow' || error.code === 'too-much-memory';
      const kind = costly ? inferenceErrors.MODEL_TOO_COSTLY : inferenceErrors.MODEL_UNREADABLE;
      throw new DomainError(kind, error.message, { cause: error });
    }
  }
}

/** An axis of any size counts once. */
function sizeOfRow([, ...sizes]: readonly (number | null)[]): number {
  return sizes.reduce<number>((product, size) => product * (size ?? 1), 1);
}
