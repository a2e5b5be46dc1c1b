/** This service's part of the OpenAPI document: its own shapes, which are others' words. */
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiParam, ApiResponse } from '@nestjs/swagger';
import { MEASUREMENTS } from './measurements.js';

export const PENGUINS_TAG = 'legacy: penguins';

type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const figure: Schema = { type: 'number', nullable: true };

function object(properties: Record<string, Schema>): Schema {
  return { type: 'object', required: Object.keys(properties), properties };
}

const MODELS = object({
  available_models: {
    type: 'array',
    items: object({
      name: { ...text, example: 'penguins' },
      endpoint: { ...text, example: 'POST /classify/penguins' },
      metrics: object({
        train_accuracy: figure,
        test_accuracy: figure,
        test_precision: figure,
        test_recall: figure,
        test_f1: figure,
      }),
    }),
  },
});
const MEASURED = object(
  Object.fromEntries(
    MEASUREMENTS.map(({ name, title, integer, minimum, maximum }) => [
      name,
      { type: integer ? 'integer' : 'number', minimum, maximum, description: title },
    ]),
  ),
);
const PENGUIN = {
  island: 2,
  bill_length_mm: 46.1,
  bill_depth_mm: 13.2,
  flipper_length_mm: 211,
  body_mass_g: 4500,
  sex: 0,
  year: 2007,
};
const CLASSIFICATION = object({
  model: { ...text, example: 'penguins' },
  species_id: { type: 'integer', enum: [1, 2, 3] },
  species_name: { type: 'string', enum: ['Adelie', 'Chinstrap', 'Gentoo'] },
});
const REFUSAL = object({ detail: text });
const FAULTS = object({
  detail: {
    type: 'array',
    items: object({ type: text, loc: { type: 'array', items: {} }, msg: text }),
  },
});

export function ApiModels(): MethodDecorator {
  return applyDecorators(
    ApiOkResponse({ schema: MODELS as never }),
    refusal(401, 'No credential, and none is kept for calls without'),
  );
}

export function ApiClassify(): MethodDecorator {
  return applyDecorators(
    ApiParam({ name: 'model', example: 'penguins' }),
    ApiBody({ required: true, schema: MEASURED as never, examples: { gentoo: { value: PENGUIN } } }),
    ApiOkResponse({
      schema: CLASSIFICATION as never,
      headers: {
        'X-Model-Notice': {
          description: 'What the manifest says of the use of this version',
          schema: { type: 'string' },
        },
      },
    }),
    refusal(401, 'No credential, or the model is not open to calls without one'),
    refusal(404, 'No such model'),
    ApiResponse({ status: 422, description: 'Values that are missing or out of range', schema: FAULTS as never }),
    refusal(429, 'The plan’s requests of a minute are used up'),
  );
}

function refusal(status: number, description: string): MethodDecorator {
  return ApiResponse({ status, description, schema: REFUSAL as never });
}
