/** Reads the documents of a version (manifest, golden rows, evaluation, examples) by their published schemas in docs/schemas. */
import { createRequire } from 'node:module';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { FaultList, type GoldenFile, type ModelManifest } from '#inference';
import { DomainError, faultCount, isRecordableJson, UNRECORDABLE, type FieldError } from '#platform';
import { modelErrors } from '../models.errors.js';
import type { EvaluationDto } from './evaluation.dto.js';
import type { ExamplesFile } from './examples.js';
import { contradictions } from './manifest-rules.js';
import { parseYaml } from './parse-yaml.js';
import { compileRowReader } from './row-validator.js';
import { faultOf } from './schema-faults.js';

/** The deepest document, golden rows of images, nests six deep; what is far deeper exhausts the stack of whoever reads it. */
const DEEPEST_NESTING = 32;
const MOST_FAULTS_NAMED = 100;
const RFC_3339_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

const load = createRequire(import.meta.url);

function compile<T>(file: string): ValidateFunction<T> {
  const ajv = new Ajv2020({ allErrors: true, ownProperties: true, allowUnionTypes: true });
  ajv.addFormat('uri', (text) => URL.canParse(text));
  ajv.addFormat('date-time', (text) => RFC_3339_TIME.test(text) && !Number.isNaN(Date.parse(text)));
  return ajv.compile<T>(load(file) as object);
}

/** Compiled when the first document of its kind is read: a warm start reads none. */
function lazily<T>(file: string): () => ValidateFunction<T> {
  let compiled: ValidateFunction<T> | undefined;
  return () => (compiled ??= compile<T>(file));
}

const schemas = {
  manifest: lazily<Omit<ModelManifest, 'inputs'> & Partial<Pick<ModelManifest, 'inputs'>>>('./manifest.schema.json'),
  golden: lazily<GoldenFile>('./golden.schema.json'),
  evaluation: lazily<EvaluationDto>('./evaluation.schema.json'),
  examples: lazily<ExamplesFile>('./examples.schema.json'),
};

function invalid(document: string, detail: string, errors?: readonly FieldError[]): DomainError {
  return new DomainError(modelErrors.MANIFEST_INVALID, `${document}: ${detail}`, errors ? { errors } : {});
}

function faultsIn(document: string, faults: readonly FieldError[]): DomainError {
  const shown = faults.slice(0, MOST_FAULTS_NAMED);
  const first = shown[0];
  return invalid(
    document,
    `${faultCount(faults.length)}${first ? ` The first: ${first.pointer || '/'} ${first.detail}.` : ''}`,
    shown,
  );
}

/** Depth of brackets outside of quotes. */
function nestingDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    else if (quoted && character === '\\') index += 1;
    else if (!quoted && (character === '[' || character === '{')) deepest = Math.max(deepest, (depth += 1));
    else if (!quoted && (character === ']' || character === '}')) depth -= 1;
  }
  return deepest;
}

function checked<T>(document: string, value: unknown, isValid: ValidateFunction<T>): T {
  if (!isRecordableJson(JSON.stringify(value) ?? '')) throw invalid(document, `it ${UNRECORDABLE}`);
  if (isValid(value)) return value;
  const errors: ErrorObject[] = isValid.errors ?? [];
  throw faultsIn(
    document,
    errors.map((error) => faultOf(error, '', 'field')),
  );
}

function parseJson(text: string): unknown {
  if (nestingDepth(text) > DEEPEST_NESTING) throw new Error(`nests deeper than ${DEEPEST_NESTING} levels`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** Whatever keeps a document from being parsed is a fault of the document. */
function parsed(document: string, parse: () => unknown): unknown {
  try {
    return parse();
  } catch (cause) {
    throw new DomainError(modelErrors.MANIFEST_INVALID, `${document} ${(cause as Error).message}`, { cause });
  }
}

/**
 * A manifest from its text, YAML or JSON.
 * @throws MANIFEST_INVALID with every place at fault
 */
export function readManifest(text: string, document = 'manifest.yaml'): ModelManifest {
  const declared = checked(
    document,
    parsed(document, () => parseYaml(text)),
    schemas.manifest(),
  );
  // Where a row is nothing but observations a manifest may leave its inputs out.
  const manifest = { ...declared, inputs: declared.inputs ?? [] };
  const faults = contradictions(manifest);
  if (faults.length > 0) throw faultsIn(document, faults);
  return manifest;
}

/**
 * Golden rows from their text.
 * @throws MANIFEST_INVALID
 */
export function readGolden(text: string, document = 'golden.json'): GoldenFile {
  const golden = checked(
    document,
    parsed(document, () => parseJson(text)),
    schemas.golden(),
  );
  const { inputs, outputs } = golden;
  const tensors = (Array.isArray(inputs) ? [inputs] : Object.values(inputs)) as readonly (readonly unknown[])[];
  for (const { length } of tensors) {
    if (length !== outputs.length)
      throw invalid(document, `it has ${length} rows of inputs and ${outputs.length} of outputs`);
  }
  return golden;
}

/**
 * An evaluation from its text; its classes must be the manifest's.
 * @throws MANIFEST_INVALID
 */
export function readEvaluation(text: string, manifest: ModelManifest, document = 'evaluation.json'): EvaluationDto {
  const evaluation = checked(
    document,
    parsed(document, () => parseJson(text)),
    schemas.evaluation(),
  );
  const declared = (manifest.output.classes ?? []).map(({ name }) => name);
  if (declared.join('\0') !== evaluation.classes.join('\0')) {
    throw invalid(
      document,
      `its classes are ${evaluation.classes.join(', ')}, those of the manifest ${declared.join(', ') || 'none'}`,
    );
  }
  return evaluation;
}

/**
 * Examples from their text: each must be a row that the version takes, and its label one of the manifest's classes.
 * @throws MANIFEST_INVALID with every place at fault
 */
export function readExamples(text: string, manifest: ModelManifest, document = 'examples.json'): ExamplesFile {
  const file = checked(
    document,
    parsed(document, () => parseJson(text)),
    schemas.examples(),
  );
  const classes = (manifest.output.classes ?? []).map(({ name }) => name);
  const names = file.examples.map(({ name }) => name);
  const readRow = compileRowReader(manifest);
  const faults = new FaultList();
  for (const [index, { name, label, input }] of file.examples.entries()) {
    const pointer = `/examples/${index}`;
    if (names.indexOf(name) < index) faults.add(`${pointer}/name`, 'is there twice');
    if (label !== undefined && !classes.includes(label))
      faults.add(`${pointer}/label`, 'is none of the classes that the manifest declares');
    readRow(input, `${pointer}/input`, faults);
  }
  if (faults.list.length > 0) throw faultsIn(document, faults.list);
  return file;
}
