/** From a manifest: the JSON Schema of one input row, and a row that is valid. */
import type { InputRow, ManifestInput, ModelManifest } from '#inference';

/** One value of a row. What JSON Schema has no word for stands in `x-` keywords. */
export interface InputSchema {
  readonly title: string;
  readonly description?: string;
  readonly type: 'number' | 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly number[];
  readonly examples: readonly number[];
  /** As shown to people. */
  readonly 'x-unit'?: string;
  /** The unit in UCUM. */
  readonly 'x-ucum'?: string;
  /** The input's code in a terminology. */
  readonly 'x-code'?: ManifestInput['code'];
  /** What each allowed value means. */
  readonly 'x-values'?: ManifestInput['values'];
}

export interface RowSchema {
  readonly $schema: string;
  readonly title: string;
  readonly type: 'object';
  readonly properties: Readonly<Record<string, InputSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
  readonly examples: readonly InputRow[];
}

/** The `x-` keywords above; ajv must be told that they are not misspelt rules. */
export const ANNOTATIONS = ['x-unit', 'x-ucum', 'x-code', 'x-values'];

/** A value that the input's own rules allow: its example, else one from the middle of what is declared. */
export function exampleOf(input: ManifestInput): number {
  if (input.example !== undefined) return input.example;
  if (input.values) return input.values[0]?.value ?? 0;
  if (!input.range) return 0;
  const middle = (input.range.minimum + input.range.maximum) / 2;
  return input.type === 'integer' ? Math.floor(middle) : middle;
}

/** A row that the schema of this manifest allows. */
export function exampleRow(manifest: ModelManifest): InputRow {
  return Object.fromEntries(manifest.inputs.map((input) => [input.name, exampleOf(input)]));
}

export function inputSchema(input: ManifestInput): InputSchema {
  const sentences = [input.description, input.unit === undefined ? undefined : `Unit: ${input.unit}.`].filter(
    (text) => text !== undefined,
  );
  return {
    title: input.title,
    ...(sentences.length > 0 ? { description: sentences.join(' ') } : {}),
    type: input.type,
    ...(input.range ? { minimum: input.range.minimum, maximum: input.range.maximum } : {}),
    ...(input.values ? { enum: input.values.map(({ value }) => value) } : {}),
    examples: [exampleOf(input)],
    ...(input.unit === undefined ? {} : { 'x-unit': input.unit }),
    ...(input.ucum === undefined ? {} : { 'x-ucum': input.ucum }),
    ...(input.code ? { 'x-code': input.code } : {}),
    ...(input.values ? { 'x-values': input.values } : {}),
  };
}

/** JSON Schema (2020-12) of one row: what a client sends for one patient. */
export function rowSchema(manifest: ModelManifest): RowSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Input of ${manifest.title}`,
    type: 'object',
    properties: Object.fromEntries(manifest.inputs.map((input) => [input.name, inputSchema(input)])),
    required: manifest.inputs.map((input) => input.name),
    additionalProperties: false,
    examples: [exampleRow(manifest)],
  };
}
