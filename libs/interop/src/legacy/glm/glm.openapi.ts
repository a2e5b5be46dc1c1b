/** This service's part of the OpenAPI document: its own shapes, which are others' words. */
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiResponse } from '@nestjs/swagger';

export const GLM_TAG = 'legacy: glm';

type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const ANSWER: Schema = {
  type: 'object',
  required: ['prediction'],
  properties: { prediction: { type: 'array', items: { type: 'boolean' }, example: [true, false] } },
};
const FORM: Schema = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'CSV with a column for each input of the model' },
  },
};
const REFUSAL: Schema = { type: 'object', required: ['error'], properties: { error: text } };

export function ApiGreeting(): MethodDecorator {
  return applyDecorators(ApiProduces('text/html'), ApiOkResponse({ schema: text as never }));
}

export function ApiDashboard(): MethodDecorator {
  return applyDecorators(
    ApiProduces('text/html'),
    ApiOkResponse({ description: 'A page', schema: text as never }),
    refusal(401, 'No credential, and none is kept for calls without'),
  );
}

export function ApiFilePrediction(): MethodDecorator {
  return applyDecorators(
    ApiConsumes('multipart/form-data'),
    ApiBody({ required: true, schema: FORM as never }),
    ApiOkResponse({
      schema: ANSWER as never,
      headers: {
        'X-Model-Notice': {
          description: 'What the manifest says of the use of this version',
          schema: { type: 'string' },
        },
      },
    }),
    refusal(400, '`No file part`, `No selected file`, or what of the file does not fit'),
    refusal(401, 'No credential, or the model is not open to calls without one'),
    refusal(404, 'The model that is configured is not there, or not active'),
    refusal(413, 'More rows or bytes than one answer has'),
    refusal(429, 'The plan’s requests of a minute, its rows of a day or its files at once are used up'),
    refusal(503, 'The model that is configured does not tell two classes apart'),
  );
}

function refusal(status: number, description: string): MethodDecorator {
  return ApiResponse({ status, description, content: { 'application/json': { schema: REFUSAL as never } } });
}
