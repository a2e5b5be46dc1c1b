/** What the pages of accounts ask for. */
import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from '../api/latido';
import { pagesOf } from '../api/pages-of';
import type { AccountFilters } from './filters';

export type Account = Schemas['AccountDto'];
/** Days with at least one request of each account that was asked for. */
export type UsersUsage = Schemas['UsersUsageDto'];

/** No more than the usage of so many accounts is answered at once. */
const A_PAGE = 50;
const USAGE_STALE_MS = 60_000;
/** Days that a row of the list shows. */
export const LIST_DAYS = 14;

export const accountsQuery = (filters: AccountFilters) =>
  pagesOf(['users', 'list', filters], (cursor, signal) =>
    dataOf(latido.GET('/v1/users', { params: { query: { ...filters, limit: A_PAGE, cursor } }, signal })),
  );

/** Shared with `Person`, which shows a name wherever an id stands. */
export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['users', id],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/users/{id}', { params: { path: { id } }, signal })),
  });

/** Of a page of the list. */
export const usageOfQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ['usage', LIST_DAYS, ids],
    queryFn: ({ signal }) =>
      dataOf(latido.GET('/v1/usage', { params: { query: { userId: ids, days: LIST_DAYS } }, signal })),
    staleTime: USAGE_STALE_MS,
    enabled: ids.length > 0,
  });

export const accountUsageQuery = (id: string, days: number) =>
  queryOptions({
    queryKey: ['usage', 'of', id, days],
    queryFn: ({ signal }) =>
      dataOf(latido.GET('/v1/users/{id}/usage', { params: { path: { id }, query: { days } }, signal })),
    placeholderData: (before) => before,
  });
