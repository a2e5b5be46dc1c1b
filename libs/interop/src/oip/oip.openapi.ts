/** This protocol's part of the OpenAPI document: its own shapes, which are others' words. */
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, type ApiBodyOptions, type ApiResponseOptions } from '@nestjs/swagger';

export const OIP_TAG = 'open-inference-protocol';

type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer' };

function object(properties: Record<string, Schema>, required = Object.keys(properties)): Schema {
  return { type: 'object', required, properties };
}

function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

function answers(schema: Schema): ApiResponseOptions {
  return { schema: schema as never };
}

const parameters: Schema = { type: 'object', additionalProperties: true };
const tensorMetadata = object({ name: text, datatype: text, shape: listOf(count) });
const duration = object({ count, ns: count });
const tensor = object(
  { name: text, shape: listOf(count), datatype: text, parameters, data: { type: 'array', items: {} } },
  ['name', 'shape', 'datatype'],
);

export const SERVER_METADATA = answers(object({ name: text, version: text, extensions: listOf(text) }));
export const LIVE = answers(object({ live: { type: 'boolean' } }));
export const READY = answers(object({ live: { type: 'boolean' }, ready: { type: 'boolean' } }));
export const MODEL_READY = answers(object({ name: text, ready: { type: 'boolean' } }));
export const NOTHING_TO_SAY = answers({ type: 'object' });
export const MODEL_METADATA = answers(
  object({
    name: text,
    versions: listOf(text),
    platform: text,
    inputs: listOf(tensorMetadata),
    outputs: listOf(tensorMetadata),
    raw_inputs: listOf(tensorMetadata),
  }),
);
export const STATISTICS = answers(
  object({
    model_stats: listOf(
      object({
        name: text,
        version: text,
        last_inference: count,
        inference_count: count,
        execution_count: count,
        inference_stats: { type: 'object', additionalProperties: duration },
        batch_stats: listOf({ type: 'object' }),
      }),
    ),
  }),
);
export const INDEX = answers(listOf(object({ name: text, version: text, state: text, reason: text })));
export const INDEX_REQUEST: ApiBodyOptions = {
  required: false,
  schema: object({ ready: { type: 'boolean' } }, []) as never,
};
export const LOAD_REQUEST: ApiBodyOptions = {
  required: false,
  schema: object({ parameters: object({ version: text }, []) }, []) as never,
};

const REQUEST_EXAMPLE = {
  id: 'request-1',
  inputs: [
    { name: 'cholesterol', shape: [1], datatype: 'FP64', data: [2.45] },
    { name: 'systolicPressure', shape: [1], datatype: 'FP64', data: [1.35] },
    { name: 'glucose', shape: [1], datatype: 'FP64', data: [1.75] },
    { name: 'age', shape: [1], datatype: 'INT64', data: [68] },
    { name: 'overweight', shape: [1], datatype: 'INT64', data: [0] },
    { name: 'smoker', shape: [1], datatype: 'INT64', data: [0] },
  ],
};

/** An inference: JSON, which Swagger UI sends, or JSON with the elements of tensors after it. */
export function ApiInference(): MethodDecorator {
  const schema = object(
    { id: text, parameters, inputs: listOf(tensor), outputs: listOf(object({ name: text, parameters }, ['name'])) },
    ['inputs'],
  );
  const response = object({ model_name: text, model_version: text, id: text, parameters, outputs: listOf(tensor) }, [
    'model_name',
    'outputs',
  ]);
  return applyDecorators(
    ApiHeader({
      name: 'Inference-Header-Content-Length',
      required: false,
      description: 'Length of the JSON object where elements of tensors follow it: the binary tensor data extension',
      schema: count as never,
    }),
    ApiBody({ required: true, schema: schema as never, examples: { row: { value: REQUEST_EXAMPLE } } }),
    ApiOkResponse({
      schema: response as never,
      headers: {
        'X-Model-Notice': {
          description: 'What the manifest says of the use of this version',
          schema: { type: 'string' },
        },
      },
    }),
  );
}
