import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { meQuery } from '../session/session';
import { askAgainInMs, quotaAfter } from './live-quota';

const TICK_MS = 250;

/** Who is signed in with what is left now; asks the server when the next request comes back, and now and then. */
export function useLiveQuota() {
  const query = useQuery({
    ...meQuery,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data ? askAgainInMs(state.data.quota) : false),
  });
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const elapsedMs = Math.max(0, nowMs - query.dataUpdatedAt);
  return { query, now: query.data && quotaAfter(query.data.quota, elapsedMs) };
}
