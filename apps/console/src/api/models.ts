/** What several pages ask about models. */
import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from './latido';

export type Model = Schemas['ModelDto'];
export type ModelVersion = Schemas['ModelVersionDto'];
export type ModelVersionSummary = Schemas['ModelVersionSummaryDto'];
export type Evaluation = Schemas['EvaluationDto'];

/** As many as a page of the API holds. */
const MOST = 200;

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: async ({ signal }) =>
    (await dataOf(latido.GET('/v1/models', { params: { query: { limit: MOST } }, signal }))).data,
});

export const modelQuery = (model: string) =>
  queryOptions({
    queryKey: ['models', model],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/models/{model}', { params: { path: { model } }, signal })),
  });

export const versionsQuery = (model: string) =>
  queryOptions({
    queryKey: ['models', model, 'versions'],
    queryFn: async ({ signal }) =>
      (
        await dataOf(
          latido.GET('/v1/models/{model}/versions', { params: { path: { model }, query: { limit: MOST } }, signal }),
        )
      ).data,
  });

export const versionQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ['models', model, 'versions', version],
    queryFn: ({ signal }) =>
      dataOf(latido.GET('/v1/models/{model}/versions/{version}', { params: { path: { model, version } }, signal })),
  });

/**
 * Null: the version came without one, and is not asked for it.
 * @param hasEvaluation what the version says; undefined while that is not known yet
 */
export const evaluationQuery = (model: string, version: string, hasEvaluation: boolean | undefined) =>
  queryOptions({
    queryKey: ['models', model, 'versions', version, 'evaluation'],
    enabled: hasEvaluation !== undefined,
    queryFn: ({ signal }): Promise<Evaluation> | null =>
      hasEvaluation
        ? dataOf(
            latido.GET('/v1/models/{model}/versions/{version}/evaluation', {
              params: { path: { model, version } },
              signal,
            }),
          )
        : null,
  });
