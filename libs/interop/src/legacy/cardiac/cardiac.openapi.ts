/** The older service's part of the OpenAPI document: its own shapes, in its own words. */
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiDefaultResponse, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';

export const CARDIAC_TAG = 'legacy: cardiac';

type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const number: Schema = { type: 'number' };
const boolean: Schema = { type: 'boolean' };
/** As marshmallow reads one. */
const flag: Schema = {
  oneOf: [
    boolean,
    { type: 'integer', enum: [0, 1] },
    { type: 'string', enum: ['True', 'False', 'true', 'false', '1', '0'] },
  ],
};

function object(properties: Record<string, Schema>, required = Object.keys(properties)): Schema {
  return { type: 'object', required, properties };
}

function answers(schema: Schema, description?: string): ApiResponseOptions {
  return { schema: schema as never, description };
}

const refusal = object({ code: { type: 'integer' }, status: text, message: text, errors: { type: 'object' } }, [
  'code',
  'status',
]);

/** Refusals by status, in Flask-Smorest's shape. */
export function Refuses(descriptions: Readonly<Record<number, string>>): MethodDecorator {
  return applyDecorators(
    ...Object.entries(descriptions).map(([status, description]) =>
      ApiResponse({ status: Number(status), ...answers(refusal, description) }),
    ),
    ApiDefaultResponse(answers(refusal, 'Refused, with a sentence that says why')),
  );
}

function accepts(schema: Schema, example: object): MethodDecorator {
  return applyDecorators(
    ApiBody({ required: true, schema: schema as never, examples: { example: { value: example } } }),
    Refuses({
      400: 'The body cannot be read',
      413: 'The body is larger than 16 KiB',
      415: 'The body is no JSON',
      422: '`errors.json` names each value at fault',
    }),
  );
}

const credentials = object({ username: text, password: text });
const CREDENTIALS_EXAMPLE = { username: 'ana', password: 'three small green boats' };

const measurements = {
  presionArterial: { ...number, description: 'Systolic pressure in 100 mmHg' },
  colesterol: { ...number, description: 'Total cholesterol in g/L' },
  azucar: { ...number, description: 'Glucose in g/L' },
  edad: { type: 'integer', description: 'Age in completed years' },
};
const name = {
  type: 'string',
  maxLength: 200,
  description: "The record's subject: what a patient is found and erased by",
};
const sentPatient = { ...measurements, sobrepeso: flag, tabaquismo: flag };
const patient = object({ nombre: name, ...sentPatient }, Object.keys(sentPatient));
const answeredPatient = object(
  { nombre: name, ...sentPatient, id: { ...text, description: '1, 2, 3 … of each user' }, riesgoCardiaco: boolean },
  [...Object.keys(sentPatient), 'id', 'riesgoCardiaco'],
);
const PATIENT_EXAMPLE = {
  nombre: 'A-17',
  presionArterial: 1.4,
  colesterol: 2.4,
  azucar: 1.8,
  edad: 72,
  sobrepeso: false,
  tabaquismo: false,
};

export const PATIENT = answers(answeredPatient);
export const PATIENTS = answers({ type: 'array', items: answeredPatient });
export const REGISTERED = answers(object({ id: text, username: text, email: { ...text, nullable: true } }));
export const TOKENS = answers(object({ access_token: text, refresh_token: text }));
export const ACCESS_TOKEN = answers(object({ access_token: text }));
export const MESSAGE = answers(object({ message: text }));
export const SERVICE_ANSWER = answers(
  object({ riesgo_cardiaco: boolean, probabilidad: { ...number, description: 'Of a risk, 0 to 1' } }),
);

export const AcceptsPatient = (): MethodDecorator => accepts(patient, PATIENT_EXAMPLE);
export const AcceptsCredentials = (): MethodDecorator => accepts(credentials, CREDENTIALS_EXAMPLE);
export const AcceptsRegistration = (): MethodDecorator =>
  accepts(object({ username: text, password: text, email: text }, ['username', 'password']), {
    ...CREDENTIALS_EXAMPLE,
    email: 'ana@hospital.example',
  });
export const AcceptsServicePatient = (): MethodDecorator =>
  accepts(
    object({
      nivel_colesterol: measurements.colesterol,
      presion_arterial: measurements.presionArterial,
      azucar: measurements.azucar,
      edad: measurements.edad,
      sobrepeso: flag,
      tabaquismo: flag,
    }),
    { nivel_colesterol: 2.4, presion_arterial: 1.4, azucar: 1.8, edad: 72, sobrepeso: 0, tabaquismo: 0 },
  );

const tokenRefusal = object({ msg: text });

/** Refusals of tokens, in Flask-JWT-Extended's shape. */
export function RefusesTokens(): MethodDecorator {
  return ApiResponse({
    status: 401,
    ...answers(tokenRefusal, 'No token or key, or one that does not hold or is not fresh'),
  });
}
