/** examples.json: inputs to start from, of synthetic patients. Its form is examples.schema.json. */
import type { InputRow, ModelManifest } from '#inference';
import { exampleRow } from './row-schema.js';

export interface Example {
  /** Its own among the version's. */
  readonly name: string;
  readonly title: string;
  /** The class that is answered. */
  readonly label?: string;
  readonly input: InputRow;
}

export interface ExamplesFile {
  readonly schemaVersion: number;
  readonly examples: readonly Example[];
}

/** Of a version that came without examples: one row of the values that the manifest gives as such. */
export function exampleFromManifest(manifest: ModelManifest): Example {
  return { name: 'example', title: 'Example', input: exampleRow(manifest) };
}
