/** The answer to an inference: what was predicted, as tensors. */
import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import {
  TensorFault,
  writeTensorMessage,
  type ModelManifest,
  type PredictionResult,
  type Tensor,
  type WrittenMessage,
} from '#inference';
import type { RowsOutcome } from '#predictions';
import type { InferRequest } from './infer-request.js';

/** An output as a model declares it; -1 stands for the rows. */
export interface OutputTensor {
  readonly name: string;
  readonly datatype: 'FP32' | 'BYTES';
  readonly shape: readonly number[];
}

const LABEL: OutputTensor = { name: 'label', datatype: 'BYTES', shape: [-1, 1] };
const compressors = { gzip: promisify(gzip), deflate: promisify(deflate) };

export type ContentEncoding = keyof typeof compressors;

/** What a model of this manifest answers: a regression its `value`; a classifier `probabilities` or `scores`, and `label`. */
export function outputsOf({ task, output }: ModelManifest): readonly OutputTensor[] {
  if (task === 'regression') return [{ name: 'value', datatype: 'FP32', shape: [-1, 1] }];
  const name = output.kind === 'decision' ? 'scores' : 'probabilities';
  return [{ name, datatype: 'FP32', shape: [-1, output.classes?.length ?? 0] }, LABEL];
}

/** @throws TensorFault for an output that the model does not have */
export function requireOutputs({ outputs }: InferRequest, manifest: ModelManifest): void {
  const offered = outputsOf(manifest).map(({ name }) => name);
  const unknown = outputs?.findIndex(({ name }) => !offered.includes(name)) ?? -1;
  if (unknown !== -1)
    throw new TensorFault(`outputs[${unknown}] is no output of the model, which has ${offered.join(', ')}`);
}

export function writeInferResponse({ id, outputs, binary }: InferRequest, outcome: RowsOutcome): WrittenMessage {
  const { serving, results } = outcome;
  const offered = outputsOf(serving.manifest);
  const wanted = outputs ?? offered.map(({ name }) => ({ name, binary }));
  const tensors = wanted.map(({ name, binary: asBytes }) => {
    const output = offered.find((candidate) => candidate.name === name)!;
    return { ...tensorOf(output, serving.manifest, results), binary: asBytes };
  });
  const json = {
    model_name: serving.model,
    model_version: serving.version,
    ...(id === undefined ? {} : { id }),
    parameters: { prediction_id: outcome.id },
  };
  return writeTensorMessage(json, 'outputs', tensors);
}

function tensorOf(
  { name, datatype, shape }: OutputTensor,
  { output }: ModelManifest,
  results: readonly PredictionResult[],
): Tensor {
  const classes = output.classes?.map((declared) => declared.name) ?? [];
  const rowOf = (result: PredictionResult): number[] => {
    if ('value' in result) return [result.value];
    const byName = 'probabilities' in result ? result.probabilities : result.scores;
    return classes.map((label) => byName[label]!);
  };
  const values =
    datatype === 'BYTES'
      ? results.map((result) => ('label' in result ? result.label : ''))
      : Float32Array.from(results.flatMap(rowOf));
  return { name, datatype, shape: [results.length, ...shape.slice(1)], values };
}

/** The encoding that the client takes and that is written here; none where it takes neither. RFC 9110 §12.5.3. */
export function acceptedEncoding(header: string | string[] | undefined): ContentEncoding | undefined {
  const accepted = [header ?? []]
    .flat()
    .join()
    .split(',')
    .map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/),
    )
    .filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? ''))
    .map(([name]) => name);
  return (['gzip', 'deflate'] as const).find((encoding) => accepted.includes(encoding));
}

export function compressed(bytes: Buffer, encoding: ContentEncoding): Promise<Buffer> {
  return compressors[encoding](bytes);
}
