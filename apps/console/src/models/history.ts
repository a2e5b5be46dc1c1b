/** Activations and changes of the traffic as one history. Each comes in pages of its own, newest first. */
import type { Activation, Traffic } from './queries';

export type HistoryEvent =
  | { readonly kind: 'activation'; readonly at: string; readonly activation: Activation }
  | { readonly kind: 'traffic'; readonly at: string; readonly traffic: Traffic };

interface Loaded<T> {
  readonly items: readonly T[];
  /** Older ones are still at the server. */
  readonly hasMore: boolean;
}

/**
 * Newest first, and only as far back as both are known: older events of the one would show without those of the other between them.
 */
export function historyOf(activations: Loaded<Activation>, traffic: Loaded<Traffic>): HistoryEvent[] {
  const ofActivations = activations.items.map((activation): HistoryEvent => ({
    kind: 'activation',
    at: activation.activatedAt,
    activation,
  }));
  const ofTraffic = traffic.items.flatMap((change): HistoryEvent[] =>
    change.changedAt === null ? [] : [{ kind: 'traffic', at: change.changedAt, traffic: change }],
  );
  const knownFrom = Math.max(
    oldest(ofActivations, activations.hasMore),
    oldest(ofTraffic, traffic.hasMore),
    Number.NEGATIVE_INFINITY,
  );
  return [...ofActivations, ...ofTraffic]
    .filter(({ at }) => Date.parse(at) >= knownFrom)
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

function oldest(events: readonly HistoryEvent[], hasMore: boolean): number {
  return hasMore ? Date.parse(events.at(-1)?.at ?? '') || Number.NEGATIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
