/** Lists of the API are answered in pages, each naming the next by a cursor. */
import { infiniteQueryOptions, type QueryKey, type UseInfiniteQueryResult } from '@tanstack/react-query';

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

/** How a table that is scrolled comes to more rows. */
export interface Paging {
  readonly onEnd: (() => void) | undefined;
  readonly isLoadingMore: boolean;
}

/** After a page that could not be had none is asked for by itself: it would be asked for without end. */
export function pagingOf(
  query: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isError' | 'isFetchingNextPage' | 'fetchNextPage'>,
): Paging {
  return {
    onEnd: query.hasNextPage && !query.isError ? () => void query.fetchNextPage() : undefined,
    isLoadingMore: query.isFetchingNextPage,
  };
}
