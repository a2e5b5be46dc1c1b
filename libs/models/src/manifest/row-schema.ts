/** From a manifest: the JSON Schema of one input row, and a row that is valid. */
import {
  exampleObservations,
  optionalInputs,
  type FeatureDeclaration,
  type InputRow,
  type ManifestInput,
  type ModelManifest,
} from '#inference';
import { observationsSchema, type ObservationsSchema } from './observations-schema.js';

/** One value of a row. What JSON Schema has no word for stands in `x-` keywords. */
export interface InputSchema {
  readonly title: string;
  readonly description?: string;
  /** With `null` where the value may be missing. */
  readonly type: ManifestInput['type'] | readonly [ManifestInput['type'], 'null'];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly enum?: readonly (number | string | null)[];
  readonly examples: readonly (number | string)[];
  /** As shown to people. */
  readonly 'x-unit'?: string;
  /** The unit in UCUM. */
  readonly 'x-ucum'?: string;
  /** The input's code in a terminology. */
  readonly 'x-code'?: ManifestInput['code'];
  /** What each allowed value means. */
  readonly 'x-values'?: ManifestInput['values'];
}

interface ObjectSchema<Property> {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Property>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

export interface RowSchema extends ObjectSchema<InputSchema | ObservationsSchema> {
  readonly $schema: string;
  readonly title: string;
  readonly examples: readonly InputRow[];
}

/** The `x-` keywords above; ajv must be told that they are not misspelt rules. */
export const ANNOTATIONS = ['x-unit', 'x-ucum', 'x-code', 'x-codes', 'x-values'];

/** Characters of a text whose values are not declared. */
const LONGEST_TEXT = 1_000;

/** A value that the input's own rules allow: its example, else one from the middle of what is declared. */
export function exampleOf(input: ManifestInput): number | string {
  if (input.example !== undefined) return input.example;
  if (input.values) return input.values[0]?.value ?? 0;
  if (input.type === 'string') return 'text';
  if (!input.range) return 0;
  const middle = (input.range.minimum + input.range.maximum) / 2;
  return input.type === 'integer' ? Math.floor(middle) : middle;
}

/** A row that the schema of this manifest allows, and that its pipeline takes. */
export function exampleRow(manifest: FeatureDeclaration): InputRow {
  const values = manifest.inputs.map((input) => [input.name, exampleOf(input)] as const);
  const observations = exampleObservations(manifest);
  return Object.fromEntries(observations.length === 0 ? values : [...values, ['observations', observations]]);
}

function inputSchema(input: ManifestInput, optional = false): InputSchema {
  const sentences = [input.description, input.unit === undefined ? undefined : `Unit: ${input.unit}.`].filter(
    (text) => text !== undefined,
  );
  const values = input.values?.map(({ value }) => value);
  return {
    title: input.title,
    ...(sentences.length > 0 ? { description: sentences.join(' ') } : {}),
    type: optional ? [input.type, 'null'] : input.type,
    ...(input.range ? { minimum: input.range.minimum, maximum: input.range.maximum } : {}),
    ...(input.type === 'string' && !values ? { maxLength: LONGEST_TEXT } : {}),
    ...(values ? { enum: optional ? [...values, null] : values } : {}),
    examples: [exampleOf(input)],
    ...(input.unit === undefined ? {} : { 'x-unit': input.unit }),
    ...(input.ucum === undefined ? {} : { 'x-ucum': input.ucum }),
    ...(input.code ? { 'x-code': input.code } : {}),
    ...(input.values ? { 'x-values': input.values } : {}),
  };
}

/** The schema of a row's values alone, without its observations. */
export function valuesSchema(manifest: FeatureDeclaration): ObjectSchema<InputSchema> {
  const optional = optionalInputs(manifest);
  const names = manifest.inputs.map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      manifest.inputs.map((input) => [input.name, inputSchema(input, optional.has(input.name))]),
    ),
    required: names.filter((name) => !optional.has(name)),
    additionalProperties: false,
  };
}

/** JSON Schema (2020-12) of one row: what a client sends for one patient. */
export function rowSchema(manifest: ModelManifest): RowSchema {
  const { properties, required, ...rest } = valuesSchema(manifest);
  const { observations } = manifest;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Input of ${manifest.title}`,
    ...rest,
    properties: observations ? { ...properties, observations: observationsSchema(observations) } : properties,
    required: observations ? [...required, 'observations'] : required,
    examples: [exampleRow(manifest)],
  };
}
