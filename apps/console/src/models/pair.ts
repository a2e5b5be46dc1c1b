/** Which two versions are compared: those that the address names, else the one that is live and the newest other. */
import type { ModelVersionSummary } from '../api/models';

type Choice = Pick<ModelVersionSummary, 'version' | 'active' | 'status'>;

/**
 * @param versions newest first
 * @returns undefined where there are not two of them; a version that the address names and that is not there is named all the same, so
 *   that the server says so
 */
export function chosenPair(
  versions: readonly Choice[],
  named: { readonly a?: string; readonly b?: string },
): { a: string; b: string } | undefined {
  // A rejected or retired version is compared when it is asked for, not before.
  const preferred = [...versions].sort(
    (one, other) => Number(other.status === 'verified') - Number(one.status === 'verified'),
  );
  const live = versions.find(({ active }) => active);
  const a =
    named.a ??
    (live && live.version !== named.b ? live : preferred.find(({ version }) => version !== named.b))?.version;
  const b = named.b ?? preferred.find(({ version }) => version !== a)?.version;
  return a === undefined || b === undefined ? undefined : { a, b };
}
