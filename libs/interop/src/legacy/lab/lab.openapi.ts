/** This service's part of the OpenAPI document: shapes that are its own. */
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiResponse } from '@nestjs/swagger';

export const LAB_TAG = 'legacy: lab';

type Schema = Record<string, unknown>;

function object(properties: Record<string, Schema>): Schema {
  return { type: 'object', required: Object.keys(properties), properties };
}

const MODEL = object({
  name: { type: 'string', example: 'vertebral-column' },
  version: { type: 'string', example: '1.0.0' },
  metrics: {
    type: 'object',
    additionalProperties: { type: 'number' },
    description: 'Figures of the data that were held out by their names, of other data as `train_accuracy`',
    example: { accuracy: 0.827957, auc: 0.953823, train_accuracy: 0.843318 },
  },
  date: { type: 'string', format: 'date-time', description: 'When the version was registered' },
  active: { type: 'boolean', description: 'Whether predictions are its: of one at most' },
});
const RECORD = {
  type: 'object',
  additionalProperties: true,
  description: "The active model's inputs by name",
  example: {
    pelvic_incidence: 63.5,
    pelvic_tilt: 22.5,
    lumbar_lordosis_angle: 39.5,
    sacral_slope: 40.5,
    pelvic_radius: 98.5,
    degree_spondylolisthesis: -0.25,
  },
};
const PREDICTION = object({
  prediction: {
    oneOf: [{ type: 'string' }, { type: 'number' }],
    description: 'The class; of a regression the value',
    example: 'DH',
  },
  probability: { type: ['number', 'null'], description: 'Of the class; null for a regression', example: 0.71 },
  model: { type: 'string', example: 'vertebral-column' },
  version: { type: 'string', example: '1.0.0' },
});
const FAULT = object({
  type: { type: 'string', example: 'missing' },
  loc: { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'integer' }] }, example: ['body', 'pelvic_tilt'] },
  msg: { type: 'string', example: 'Field required' },
});
const SENTENCE = object({ detail: { type: 'string' } });
const FAULTS = object({ detail: { oneOf: [{ type: 'string' }, { type: 'array', items: FAULT }] } });
const CSV = { 'text/csv': { schema: { type: 'string' as const } } };

function oneOrMany(schema: Schema): Schema {
  return { oneOf: [schema, { type: 'array', items: schema }] };
}

/** A refusal in this service's shape. */
export function ApiLabRefusal(status: number, description: string): MethodDecorator {
  return ApiResponse({ status, description, schema: (status === 422 ? FAULTS : SENTENCE) as never });
}

export function ApiLabModels(): MethodDecorator {
  return ApiOkResponse({ schema: { type: 'array', items: MODEL } as never });
}

export function ApiLabActivation(): MethodDecorator {
  return applyDecorators(
    ApiOkResponse({ schema: MODEL as never, description: 'The version as the list has it' }),
    ApiLabRefusal(404, "No such version, or its model is none of the service's"),
    ApiLabRefusal(
      409,
      'The policy of the model has objections, which `detail` names; the version is rejected or retired; or another one was activated at the same time',
    ),
    ApiLabRefusal(422, 'Values at fault'),
  );
}

const NOTHING_ACTIVE = 'No model is active, or the one that was is not of this service any more';

export function ApiLabPrediction(): MethodDecorator {
  return applyDecorators(
    ApiBody({ required: true, schema: oneOrMany(RECORD) as never }),
    ApiOkResponse({ schema: oneOrMany(PREDICTION) as never, description: 'As the body: one, or a list' }),
    ApiLabRefusal(409, NOTHING_ACTIVE),
    ApiLabRefusal(422, 'Values at fault'),
  );
}

export function ApiLabFile(): MethodDecorator {
  const form = {
    type: 'object',
    required: ['file'] as string[],
    properties: { file: { type: 'string', format: 'binary' } },
  };
  return applyDecorators(
    ApiConsumes('multipart/form-data', 'text/csv'),
    ApiBody({ schema: form as never, description: 'A form with the file, or the file itself' }),
    ApiOkResponse({
      content: CSV,
      description:
        'The file with `prediccion`, `probabilidad` and, for rows that have none, `error`, to be saved as predicciones.csv',
      headers: { 'Content-Disposition': { schema: { type: 'string' } } },
    }),
    ApiLabRefusal(409, NOTHING_ACTIVE),
    ApiLabRefusal(422, 'The file lacks columns, has no rows, or is no CSV; the model takes no files'),
  );
}
