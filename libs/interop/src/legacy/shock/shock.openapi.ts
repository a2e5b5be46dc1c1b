/** The older service's part of the OpenAPI document: its own shapes. */
import type { ApiBodyOptions, ApiResponseOptions } from '@nestjs/swagger';

export const SHOCK_TAG = 'legacy: shock';

type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };
const probability: Schema = { type: 'number', minimum: 0, maximum: 1 };

function object(properties: Record<string, Schema>, required = Object.keys(properties)): Schema {
  return { type: 'object', required, properties };
}

function answers(schema: Schema): ApiResponseOptions {
  return { schema: schema as never };
}

/** From the index of a row to its cell, as pandas' `to_dict()` writes a column. */
function column(cell: Schema, description: string, example: Schema): Schema {
  return { type: 'object', description, additionalProperties: cell, example };
}

const credentials = object({
  username: { ...text, example: 'ana' },
  password: { ...text, example: 'three small green boats' },
});
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

export const CREDENTIALS: ApiBodyOptions = { required: true, schema: credentials as never };
export const JSON_OR_FORM = [JSON_TYPE, FORM_TYPE];

export const CREATED = answers({ type: 'null' });
export const TOKEN = answers(object({ access_token: text, token_type: { ...text, enum: ['bearer'] } }));
export const USER = answers(object({ User: object({ username: text, id: { ...text, format: 'uuid' } }) }));
export const HEALTH = answers(object({ health_check: { ...text, enum: ['OK'] }, model_version: text }));

const prediction = object({
  idAtencion: integer,
  inferences: object({
    Arresto_Cardiaco: probability,
    Bajo_Gasto_Cardiaco: probability,
    Sano: probability,
    Shock_Cardiogenico: probability,
  }),
  State: { ...text, enum: ['Arresto_cardiaco', 'Bajo_gasto_cardiaco', 'Sano', 'Shock_cardiogenico'] },
});
const CELL_TEXTS = { type: ['string', 'null'] };

export const PREDICTION_REQUEST: ApiBodyOptions = {
  required: true,
  schema: object(
    {
      idAtencion: {
        description: 'The patient, or a column of patients: then a list is answered, one prediction for each.',
        anyOf: [integer, column(integer, 'The patient of each row', { 0: 1 })],
        example: 1,
      },
      idSigno: column({ type: ['integer', 'string', 'null'] }, 'Code of the signal: ISO/IEEE 11073-10101', {
        0: 147842,
      }),
      nomSigno: column(CELL_TEXTS, "The code's name", { 0: 'MDC_ECG_HEART_RATE' }),
      valor: column({ type: ['number', 'string', 'null'] }, 'Value, also as a text; null where there is none', {
        0: 108,
      }),
      fecRegistro: column(
        { type: ['string', 'integer', 'null'] },
        'When it was observed; UTC where it says no offset. Or milliseconds since 1970',
        {
          0: '2000-01-01 00:00:00',
        },
      ),
      unidad: column(CELL_TEXTS, "Unit, which must be the manifest's; may be left out", { 0: '/min' }),
    },
    ['idAtencion', 'idSigno', 'nomSigno', 'valor', 'fecRegistro'],
  ) as never,
};

export const PREDICTION: ApiResponseOptions = {
  ...answers({ anyOf: [prediction, { type: 'array', items: prediction }] }),
  headers: {
    'X-Prediction-Id': { description: 'Id of the record in /v1/predictions', schema: { type: 'string' } },
    'X-Model-Version': { description: 'The version that answered', schema: { type: 'string' } },
    'X-Model-Notice': {
      description: 'What the manifest says of the use of this version',
      schema: { type: 'string' },
    },
  },
};
