/** What the pages of one model ask for beside what all pages ask (`api/models.ts`). All of it is refreshed when the model changes. */
import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from '../api/latido';
import { pagesOf } from '../api/pages-of';

export type Activation = Schemas['ActivationDto'];
export type Gate = Schemas['GateDto'];
export type Policy = Schemas['PolicyDto'];
export type Traffic = Schemas['TrafficDto'];
export type Verification = Schemas['VerificationDto'];
export type ModelCard = Schemas['ModelCardDto'];

const HISTORY_PAGE = 50;
/** How a canary does is looked at while it runs. */
const SERVED_EVERY_MS = 10_000;

export const comparisonQuery = (model: string, a: string, b: string) =>
  queryOptions({
    queryKey: ['models', model, 'compare', a, b],
    queryFn: ({ signal }) =>
      dataOf(latido.GET('/v1/models/{model}/compare', { params: { path: { model }, query: { a, b } }, signal })),
  });

export const cardQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ['models', model, 'versions', version, 'card'],
    queryFn: async ({ signal }) =>
      (await dataOf(
        latido.GET('/v1/models/{model}/versions/{version}/card', { params: { path: { model, version } }, signal }),
      )) as ModelCard,
  });

export const policyQuery = (model: string) =>
  queryOptions({
    queryKey: ['models', model, 'policy'],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/models/{model}/policy', { params: { path: { model } }, signal })),
  });

export const gateQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ['models', model, 'versions', version, 'gate'],
    queryFn: ({ signal }) =>
      dataOf(
        latido.GET('/v1/models/{model}/versions/{version}/gate', { params: { path: { model, version } }, signal }),
      ),
  });

export const trafficQuery = (model: string) =>
  queryOptions({
    queryKey: ['models', model, 'traffic'],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/models/{model}/traffic', { params: { path: { model } }, signal })),
  });

export const servedComparisonQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ['models', model, 'traffic', 'comparison', version],
    queryFn: ({ signal }) =>
      dataOf(
        latido.GET('/v1/models/{model}/traffic/comparison', {
          params: { path: { model }, query: { version } },
          signal,
        }),
      ),
    refetchInterval: SERVED_EVERY_MS,
  });

export const activationPages = (model: string) =>
  pagesOf(['models', model, 'activations'], (cursor, signal) =>
    dataOf(
      latido.GET('/v1/models/{model}/activations', {
        params: { path: { model }, query: { limit: HISTORY_PAGE, cursor } },
        signal,
      }),
    ),
  );

export const trafficPages = (model: string) =>
  pagesOf(['models', model, 'traffic', 'history'], (cursor, signal) =>
    dataOf(
      latido.GET('/v1/models/{model}/traffic/history', {
        params: { path: { model }, query: { limit: HISTORY_PAGE, cursor } },
        signal,
      }),
    ),
  );

/** What predictions of a version took, of those that were recorded last. */
export const latencyQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ['models', model, 'versions', version, 'latency'],
    queryFn: ({ signal }) =>
      dataOf(
        latido.GET('/v1/models/{model}/versions/{version}/latency', { params: { path: { model, version } }, signal }),
      ),
  });
