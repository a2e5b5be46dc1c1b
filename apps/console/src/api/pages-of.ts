/** Lists of the API are answered in pages, each naming the next by a cursor. */
import { infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';

interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** @param load asks for the page that begins at the cursor; without one for the first */
export function pagesOf<T>(
  queryKey: QueryKey,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }: Page<T>) => nextCursor ?? undefined,
  });
}
