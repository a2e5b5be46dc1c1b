import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from '../api/latido';

export type ApiKey = Schemas['ApiKeyDto'];
export type NewApiKey = Schemas['NewApiKeyDto'];

/** An account has fewer keys than a page of the API holds. */
const MOST_KEYS = 200;

export const myUsageQuery = (days: number) =>
  queryOptions({
    queryKey: ['me', 'usage', days],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/me/usage', { params: { query: { days } }, signal })),
    placeholderData: (before) => before,
  });

export const apiKeysQuery = queryOptions({
  queryKey: ['me', 'api-keys'],
  queryFn: async ({ signal }) =>
    (await dataOf(latido.GET('/v1/me/api-keys', { params: { query: { limit: MOST_KEYS } }, signal }))).data,
});
