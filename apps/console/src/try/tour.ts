/** The first look at a model in three steps: who is shown it, and how far they are. */
import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { meQuery } from '../session/session';
import { nothingAskedQuery } from './queries';

export const TOUR_MODEL = 'cardiac-risk';
export type TourStep = 'values' | 'ask' | 'answer';
export const TOUR_STEPS: readonly TourStep[] = ['values', 'ask', 'answer'];

export interface Tour {
  /** Undefined: it is not shown. */
  readonly step: TourStep | undefined;
  /** Whether it has been begun: by pressing its button, or by going to its model. */
  readonly begun: boolean;
  go(step: TourStep): void;
  end(): void;
}

/** Where the parts of the page stand that the steps speak of. */
export const TOUR_PLACES: Readonly<Record<TourStep, string>> = {
  values: 'try-values',
  ask: 'try-ask',
  answer: 'try-answer',
};

/** In this browser, for each account: who has ended the tour or asked a model before does not see it. */
export function useTour(): Tour {
  const { data: me } = useQuery(meQuery);
  const [stored, store] = useLocalStorage<TourStep | 'ended' | null>({
    key: `latido.tour.${me?.id ?? ''}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const { data: nothingAsked } = useQuery({ ...nothingAskedQuery, enabled: stored === null });
  const begun = stored !== null && TOUR_STEPS.some((step) => step === stored);
  return {
    step: begun ? (stored as TourStep) : stored === null && nothingAsked ? 'values' : undefined,
    begun,
    go: useCallback((step) => store(step), [store]),
    end: useCallback(() => store('ended'), [store]),
  };
}
