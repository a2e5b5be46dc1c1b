/** A model file that is not in memory: whoever needs its bytes reads them, and lets them go. */
export interface ModelFile {
  readonly sizeBytes: number;
  /** Where the file is, to be opened at once: it may be brought there first, and go again when it has not been used for long. */
  path(): Promise<string>;
  read(): Promise<Uint8Array>;
}

/** What a model is loaded from. */
export type ModelContent = Uint8Array | ModelFile;

export function sizeOf(content: ModelContent): number {
  return content instanceof Uint8Array ? content.length : content.sizeBytes;
}

/** The bytes, or the path of the file: what a library opens. */
export function opened(content: ModelContent): Uint8Array | Promise<string> {
  return content instanceof Uint8Array ? content : content.path();
}
