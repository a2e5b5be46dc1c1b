/** What the pages of predictions ask. */
import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from '../api/latido';
import { pagesOf } from '../api/pages-of';
import type { ApiFilters } from './filters';

export type PredictionSummary = Schemas['PredictionSummaryDto'];
export type PredictionDetail = Schemas['PredictionDetailDto'];
export type PredictionResult = Schemas['PredictionResultDto'];
export type Outcome = Schemas['OutcomeDto'];

const PAGE_SIZE = 50;
/** The times of a request are written some moments after its answer. */
const TIMINGS_AFTER_MS = 2000;
const TIMINGS_WAITED_MS = 30_000;

/** @param subject searched by a body: a patient's reference never stands in an address */
export const predictionsQuery = (filters: ApiFilters, subject: string | undefined) =>
  pagesOf(['predictions', 'list', filters, subject], (cursor, signal) =>
    dataOf(
      subject === undefined
        ? latido.GET('/v1/predictions', { params: { query: { ...filters, limit: PAGE_SIZE, cursor } }, signal })
        : latido.POST('/v1/predictions/search', { body: { ...filters, subject, limit: PAGE_SIZE, cursor }, signal }),
    ),
  );

export async function openExport(
  filters: ApiFilters,
  subject: string | undefined,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { data } =
    subject === undefined
      ? await latido.GET('/v1/predictions.csv', { params: { query: filters }, parseAs: 'stream', signal })
      : await latido.POST('/v1/predictions/search.csv', { body: { ...filters, subject }, parseAs: 'stream', signal });
  return data as ReadableStream<Uint8Array>;
}

export const PREDICTION = ['predictions', 'one'] as const;

/** @param ownId opening another user's leaves a trace: it is not asked for again and again */
export const predictionQuery = (id: string, ownId: string) =>
  queryOptions({
    queryKey: [...PREDICTION, id],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/predictions/{id}', { params: { path: { id } }, signal })),
    staleTime: Infinity,
    refetchInterval: ({ state: { data } }) =>
      data?.timings === null && data.userId === ownId && Date.now() - Date.parse(data.createdAt) < TIMINGS_WAITED_MS
        ? TIMINGS_AFTER_MS
        : false,
  });

export const outcomesQuery = (id: string, row: number) =>
  queryOptions({
    queryKey: [...PREDICTION, id, 'outcomes', row],
    queryFn: async ({ signal }) =>
      (
        await dataOf(
          latido.GET('/v1/predictions/{id}/outcomes', {
            params: { path: { id }, query: { row, limit: 200 } },
            signal,
          }),
        )
      ).data,
    staleTime: Infinity,
  });
