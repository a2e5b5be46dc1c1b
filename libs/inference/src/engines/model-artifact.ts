/** A model file in memory. Several engines load the same one, and it is read only once. */
import { importKeras, KerasImportError, type ImportLimits, type KerasGraph } from '#keras';
import { DomainError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import type { ArtifactFormat } from '../manifest.js';

export class ModelArtifact {
  private imported?: Promise<KerasGraph>;

  constructor(
    readonly bytes: Uint8Array,
    readonly format: ArtifactFormat,
    private readonly limits: Partial<ImportLimits> = {},
  ) {}

  /** The graph of a Keras file. Throws `MODEL_UNREADABLE` with the importer's reason; its code is in the cause. */
  kerasGraph(): Promise<KerasGraph> {
    this.imported ??= importKeras(this.bytes, this.limits).catch((error: unknown) => {
      if (!(error instanceof KerasImportError)) throw error;
      throw new DomainError(inferenceErrors.MODEL_UNREADABLE, error.message, { cause: error });
    });
    return this.imported;
  }
}
