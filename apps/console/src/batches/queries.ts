/** What the pages of batches ask. */
import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from '../api/latido';
import { pagesOf } from '../api/pages-of';

export type Batch = Schemas['BatchDto'];
export type BatchStatus = Batch['status'];

export const STATUSES: readonly BatchStatus[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];

export function isStatus(value: unknown): value is BatchStatus {
  return STATUSES.some((status) => status === value);
}

/** Whether it waits or is being done. */
export function isOpen({ status }: Batch): boolean {
  return status === 'queued' || status === 'running';
}

/** All lists begin with it, so that they can be asked anew together. */
export const BATCH_LISTS = ['batches', 'list'] as const;

export const batchesQuery = (status: BatchStatus | undefined) =>
  pagesOf([...BATCH_LISTS, status], (cursor, signal) =>
    dataOf(latido.GET('/v1/batches', { params: { query: { limit: 50, cursor, status } }, signal })),
  );

export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ['batches', 'one', id],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/batches/{id}', { params: { path: { id } }, signal })),
  });

/** JSON Schema of a row. */
export const schemaQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ['models', model, 'versions', version, 'schema'],
    queryFn: ({ signal }) =>
      dataOf(
        latido.GET('/v1/models/{model}/versions/{version}/schema', { params: { path: { model, version } }, signal }),
      ),
    staleTime: Infinity,
  });

export async function openResults(id: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  return dataOf(
    latido.GET('/v1/batches/{id}/results', { params: { path: { id } }, parseAs: 'stream', signal }),
  ) as Promise<ReadableStream<Uint8Array>>;
}
