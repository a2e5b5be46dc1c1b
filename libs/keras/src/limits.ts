/** Bounds that a file must keep, so that a hostile one costs no more memory than its owner configured. */

export interface ImportLimits {
  /** Size of the file itself, bytes. */
  readonly maxFileBytes: number;
  /** Inflated size of all zip entries that are read, bytes. */
  readonly maxInflatedBytes: number;
  /** Size of the JSON configuration, bytes. */
  readonly maxConfigBytes: number;
  /** Groups and datasets in the HDF5 part. */
  readonly maxHdf5Objects: number;
  /** Numbers in all weights together. */
  readonly maxParameters: number;
  /** Layers of the model, those of nested models counted at every use. */
  readonly maxLayers: number;
  /** Numbers that any tensor of the model may hold for one row. */
  readonly maxTensorElements: number;
}

export const defaultImportLimits: ImportLimits = {
  maxFileBytes: 256 * 1024 * 1024,
  maxInflatedBytes: 512 * 1024 * 1024,
  maxConfigBytes: 16 * 1024 * 1024,
  // Each is looked at, which takes about 60 µs.
  maxHdf5Objects: 25_000,
  maxParameters: 64 * 1024 * 1024,
  maxLayers: 10_000,
  maxTensorElements: 16 * 1024 * 1024,
};
