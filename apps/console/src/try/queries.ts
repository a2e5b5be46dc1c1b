/** What the page asks of a version, beside what other pages ask too. */
import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido } from '../api/latido';
import type { Row, RowSchema } from './fields';

export interface Example {
  readonly name: string;
  readonly title: string;
  readonly label: string | null;
  readonly input: Row;
}

export const rowSchemaQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ['models', model, 'versions', version, 'schema'],
    queryFn: async ({ signal }) =>
      // JSON Schema is any object to OpenAPI; these keywords are documented.
      (await dataOf(
        latido.GET('/v1/models/{model}/versions/{version}/schema', { params: { path: { model, version } }, signal }),
      )) as unknown as RowSchema,
  });

/** Rows to start from; there is always one. */
export const examplesQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ['models', model, 'versions', version, 'examples'],
    queryFn: async ({ signal }) =>
      (
        (await dataOf(
          latido.GET(
            '/v1/models/{model}/versions/{version}/examples' as '/v1/models/{model}/versions/{version}/schema',
            {
              params: { path: { model, version } },
              signal,
            },
          ),
        )) as unknown as { readonly data: readonly Example[] }
      ).data,
  });

/** Whether somebody has never been answered anything. */
export const nothingAskedQuery = queryOptions({
  queryKey: ['predictions', 'any'],
  queryFn: async ({ signal }) =>
    (await dataOf(latido.GET('/v1/predictions', { params: { query: { limit: 1 } }, signal }))).data.length === 0,
});
