/** What the service page asks for, beside the live metrics. */
import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from '../api/latido';
import { pagesOf } from '../api/pages-of';

export type ServicePredictions = Schemas['ServicePredictionsDto'];
export type PredictionDay = Schemas['PredictionDayDto'];
export type ScoredFile = Schemas['ScoredFileDto'];
export type Refusal = Schemas['RefusalDto'];

const REFUSALS_A_PAGE = 50;
const HEALTH_EVERY_MS = 10_000;
const PREDICTIONS_EVERY_MS = 30_000;

export const servicePredictionsQuery = (days: number, model: string | undefined) =>
  queryOptions({
    queryKey: ['service', 'predictions', days, model],
    queryFn: ({ signal }) =>
      dataOf(latido.GET('/v1/service/predictions', { params: { query: { days, model } }, signal })),
    refetchInterval: PREDICTIONS_EVERY_MS,
  });

export const refusalsQuery = (status: string | undefined) =>
  pagesOf(['service', 'refusals', status], (cursor, signal) =>
    dataOf(
      latido.GET('/v1/service/refusals', { params: { query: { limit: REFUSALS_A_PAGE, cursor, status } }, signal }),
    ),
  );

export interface Health {
  readonly status: 'ready' | 'not ready';
  readonly checks: Readonly<Record<string, 'ok' | 'failing'>>;
}

/** Asked directly: the answer that says what is failing is a 503, of which the client would keep the status alone. */
export const healthQuery = queryOptions({
  queryKey: ['service', 'health'],
  queryFn: async ({ signal }): Promise<Health> => {
    const response = await fetch('/health/ready', { signal });
    return (await response.json()) as Health;
  },
  refetchInterval: HEALTH_EVERY_MS,
});
