/** The last days of everybody in a list, by one question for each of its pages. */
import { useQueries } from '@tanstack/react-query';
import { allDays, type UsageDay } from '../usage/usage-days';
import { usageOfQuery, type Account } from './queries';

/** @returns of each account every day, the oldest first; an account whose page has no answer yet is not in it */
export function useUsageOf(pages: readonly (readonly Account[])[]): ReadonlyMap<string, UsageDay[]> {
  return useQueries({
    queries: pages.map((accounts) => usageOfQuery(accounts.map(({ id }) => id))),
    combine: (answers) =>
      new Map(
        answers.flatMap(({ data: usage }) =>
          (usage?.data ?? []).map(({ userId, data }) => [userId, allDays({ from: usage!.from, to: usage!.to, data })]),
        ),
      ),
  });
}
