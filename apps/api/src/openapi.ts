/** The OpenAPI document: general as committed, and as served with each active model's own path, schema and example. */
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { exampleRow, ModelCatalogue, rowSchema, type ServingVersion } from '#models';
import { ProblemDto, PUBLIC_RULE, type LegacyName } from '#platform';
import metadata from './openapi-metadata.js';

export type { OpenAPIObject };

const DOCS_PATH = 'docs';
const DOCUMENT_PATH = 'openapi.json';
const GENERAL_PATH = '/v1/models/{model}/predictions';
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** Older services, whose clients know their routes. */
const LEGACY_SERVICES: Readonly<Record<LegacyName, string>> = {
  cardiac: 'The older service of cardiac risk',
  shock: 'The older service of haemodynamic shock',
  penguins: 'The older service that classifies penguins',
  lab: 'The older service with its models in a database',
  glm: 'The older service of a generalised linear model',
};

const DESCRIPTION = `Clinical risk models behind an API: authorised, counted against a plan, computed by an activated model version,
recorded before it is answered.

To try it: register with \`POST /v1/users\`, press **Authorize**, sign in under *password*, then send a prediction.
The models that ship are trained on synthetic or small public data and are not for clinical use.`;

/**
 * The document of all routes, without anything that depends on what is registered or active.
 * @param legacyApis older services that are served: their routes are among them
 */
export async function createDocument(
  app: NestFastifyApplication,
  legacyApis: readonly LegacyName[],
): Promise<OpenAPIObject> {
  await SwaggerModule.loadPluginMetadata(metadata);
  const builder = new DocumentBuilder()
    .setTitle('Latido')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .setOpenAPIVersion('3.1.0')
    .addTag('auth', 'Accounts, sign-in and sessions')
    .addTag('me', "One's own profile, keys and use")
    .addTag('models', 'What is served, and what was live when')
    .addTag('predictions', 'Predict, and read what was predicted')
    .addTag(
      'open-inference-protocol',
      'The same predictions for clients of Triton, KServe and MLServer; docs/open-inference-protocol.md',
    )
    .addTag('batches', 'Files that are scored in the background')
    .addTag('users', 'Accounts, for administrators')
    .addTag('plans', 'Plans and their limits')
    .addTag('audit', 'Who changed what')
    .addTag('operations', 'Health and metrics')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT or API key' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'apiKey')
    .addOAuth2(
      { type: 'oauth2', flows: { password: { tokenUrl: '/v1/auth/token', refreshUrl: '/v1/auth/token', scopes: {} } } },
      'password',
    );
  for (const name of legacyApis) builder.addTag(`legacy: ${name}`, `${LEGACY_SERVICES[name]}; docs/older-services.md`);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    extraModels: [ProblemDto],
    autoTagControllers: false,
    operationIdFactory: (controller, method) =>
      `${controller.replace(/Controller$/, '').replace(/^./, (letter) => letter.toLowerCase())}_${method}`,
  });
  describeRefusals(document);
  return document;
}

/** What routes of a kind refuse; what is a route's own it declares itself. */
const REFUSALS = {
  400: 'The body cannot be read',
  401: 'There is no token or key, or it does not hold; `WWW-Authenticate` says which',
  403: "The caller's role does not allow it",
  404: 'There is no such thing, or none that the caller may see',
  413: 'The body is larger than the route reads',
  415: 'The body is of a type that the route does not read',
  422: 'Values are missing, unknown, of the wrong type or out of range; `errors` names each',
  429: 'Too many requests; `Retry-After` says when to come back',
  default: 'Refused: what is wrong, as a stable code and a sentence',
};

function refusalsOf({
  security,
  parameters = [],
  requestBody,
  responses,
  ...operation
}: Operation): (keyof typeof REFUSALS)[] {
  const takes = (place: string): boolean => parameters.some((parameter) => 'in' in parameter && parameter.in === place);
  return [
    ...(requestBody ? ([400, 413, 415] as const) : []),
    // A 400 of its own is OAuth's, which says so of wrong values too.
    ...(requestBody && !(400 in responses) ? ([422] as const) : []),
    ...(security?.length ? ([401, 429] as const) : []),
    ...('x-roles' in operation ? ([403] as const) : []),
    ...(takes('path') ? ([404] as const) : []),
    ...(takes('query') ? ([422] as const) : []),
    'default',
  ];
}

/** The shape in which refusals come: the one there is, and that of the Open Inference Protocol on its own routes. */
const REFUSAL_SHAPES = {
  Refusal: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
  InferenceRefusal: {
    'application/json': {
      schema: { type: 'object', required: ['error'], properties: { error: { type: 'string' } } },
    },
  },
} as const;

/** Says of every route how it refuses; older services' say so themselves. */
function describeRefusals(document: OpenAPIObject): void {
  const responses = Object.entries(REFUSAL_SHAPES).flatMap(([shape, content]) =>
    Object.entries(REFUSALS).map(([status, description]) => [`${shape}-${status}`, { description, content }]),
  );
  document.components = { ...document.components, responses: Object.fromEntries(responses) };
  for (const [path, operations] of Object.entries(document.paths)) {
    const legacy = path.startsWith('/legacy/');
    const shape = path === '/v2' || path.startsWith('/v2/') ? 'InferenceRefusal' : 'Refusal';
    for (const operation of METHODS.flatMap((method) => operations[method] ?? [])) {
      operation.security ??= [];
      for (const status of legacy ? [] : refusalsOf(operation))
        operation.responses[status] ??= { $ref: `#/components/responses/${shape}-${status}` };
      shortenSummary(operation);
    }
  }
}

/** A summary is one line, which Swagger UI shows as a heading: the further sentences of a route's comment describe it. */
function shortenSummary(operation: Operation): void {
  const text = operation.summary?.replace(/\s+/g, ' ') ?? '';
  const end = text.indexOf('. ') + 1;
  operation.summary = (end > 0 ? text.slice(0, end) : text).replace(/\.$/, '');
  if (end > 0) operation.description ||= text.slice(end + 1);
}

/** Adds, for each active model, its own prediction path with the schema of its inputs and an example that works as it stands. */
function withActiveModels(document: OpenAPIObject, versions: readonly ServingVersion[]): OpenAPIObject {
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
      route.config = { ...route.config, access: PUBLIC_RULE, page: true } as never;
    }
  });
  const catalogue = app.get(ModelCatalogue);
  SwaggerModule.setup(DOCS_PATH, app, document, {
    jsonDocumentUrl: DOCUMENT_PATH,
    customSiteTitle: 'Latido API',
    swaggerOptions: {
      url: `/${DOCUMENT_PATH}`,
      persistAuthorization: false,
      displayRequestDuration: true,
      tryItOutEnabled: true,
    },
    patchDocumentOnRequest: (_request, _reply, general) => withActiveModels(general, catalogue.activeVersions()),
  });
}
