/** The OpenAPI document: general as committed, and as served with each active model's own path, schema and example. */
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { exampleRow, ModelCatalogue, rowSchema, type ServingVersion } from '#models';
import { ProblemDto, PUBLIC_RULE } from '#platform';
import metadata from './openapi-metadata.js';

export type { OpenAPIObject };

const DOCS_PATH = 'docs';
const DOCUMENT_PATH = 'openapi.json';
const GENERAL_PATH = '/v1/models/{model}/predictions';
const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const DESCRIPTION = `Clinical risk models behind an API: authorised, counted against a plan, computed by an activated model version,
recorded before it is answered.

To try it: register with \`POST /v1/users\`, press **Authorize**, sign in under *password*, then send a prediction.
The models that ship are trained on synthetic data and are not for clinical use.`;

/** The document of all routes, without anything that depends on what is registered or active. */
export async function createDocument(app: NestFastifyApplication): Promise<OpenAPIObject> {
  await SwaggerModule.loadPluginMetadata(metadata);
  const builder = new DocumentBuilder()
    .setTitle('Latido')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addTag('auth', 'Accounts, sign-in and sessions')
    .addTag('me', "One's own profile, keys and use")
    .addTag('models', 'What is served, and what was live when')
    .addTag('predictions', 'Predict, and read what was predicted')
    .addTag('users', 'Accounts, for administrators')
    .addTag('plans', 'Plans and their limits')
    .addTag('audit', 'Who changed what')
    .addTag('operations', 'Health and metrics')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT or API key' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'apiKey')
    .addOAuth2({ type: 'oauth2', flows: { password: { tokenUrl: '/v1/auth/token', refreshUrl: '/v1/auth/token', scopes: {} } } }, 'password')
    .build();
  const document = SwaggerModule.createDocument(app, builder, {
    extraModels: [ProblemDto],
    autoTagControllers: false,
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').replace(/^./, (letter) => letter.toLowerCase())}_${method}`,
  });
  describeProblems(document);
  return document;
}

/** Every route may refuse, always in the same shape. */
function describeProblems(document: OpenAPIObject): void {
  const problem = { $ref: '#/components/responses/Problem' };
  document.components = {
    ...document.components,
    responses: {
      Problem: {
        description: 'Refused: what is wrong, as a stable code and a sentence',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
      },
    },
  };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) operation.responses['default'] ??= problem;
    }
  }
}

/** Adds, for each active model, its own prediction path with the schema of its inputs and an example that works as it stands. */
export function withActiveModels(document: OpenAPIObject, versions: readonly ServingVersion[]): OpenAPIObject {
  const general = document.paths[GENERAL_PATH]?.post;
  if (!general) return document;
  const paths = { ...document.paths };
  for (const { manifest } of versions) {
    const row = rowSchema(manifest);
    paths[GENERAL_PATH.replace('{model}', manifest.name)] = {
      post: {
        ...general,
        operationId: `predict_${manifest.name}`,
        summary: manifest.title,
        description: [manifest.description, manifest.notice].filter(Boolean).join('\n\n'),
        parameters: general.parameters?.filter((parameter) => !('name' in parameter && parameter.name === 'model')),
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                properties: {
                  input: row as never,
                  inputs: { type: 'array', minItems: 1, maxItems: 1000, items: row as never },
                  version: { type: 'string' },
                  subject: { type: 'string', maxLength: 200 },
                  subjects: { type: 'array', items: { type: ['string', 'null'] as never, maxLength: 200 } },
                },
              },
              example: { input: exampleRow(manifest) },
            },
          },
        },
      },
    };
  }
  return { ...document, paths };
}

/** Swagger UI at /docs and the document at /openapi.json, made anew for the models that are active at each request. */
export function serveDocument(app: NestFastifyApplication, fastify: FastifyInstance, document: OpenAPIObject): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === `/${DOCUMENT_PATH}` || route.url === `/${DOCS_PATH}` || route.url.startsWith(`/${DOCS_PATH}/`)) {
      route.config = { ...route.config, access: PUBLIC_RULE } as never;
    }
  });
  const catalogue = app.get(ModelCatalogue);
  SwaggerModule.setup(DOCS_PATH, app, document, {
    jsonDocumentUrl: DOCUMENT_PATH,
    customSiteTitle: 'Latido API',
    swaggerOptions: { url: `/${DOCUMENT_PATH}`, persistAuthorization: false, displayRequestDuration: true, tryItOutEnabled: true },
    patchDocumentOnRequest: (_request, _reply, general) => withActiveModels(general, catalogue.activeVersions()),
  });
}
