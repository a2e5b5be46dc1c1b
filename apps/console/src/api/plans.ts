import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from './latido';

export type Plan = Schemas['PlanDto'];

/** The smallest first. */
export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: async ({ signal }) => (await dataOf(latido.GET('/v1/plans', { signal }))).data,
});
