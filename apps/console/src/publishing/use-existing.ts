/** The model that a manifest names, as far as it is there already. */
import { useQuery } from '@tanstack/react-query';
import { modelsQuery, versionsQuery } from '../api/models';

export interface Existing {
  readonly exists: boolean;
  readonly versions: readonly string[];
  /** The version that answers. */
  readonly live: string | undefined;
}

export function useExisting(name: string): Existing {
  const models = useQuery(modelsQuery);
  const model = models.data?.find((one) => one.name === name);
  // A model that is not there is not asked for: its name is only being typed.
  const versions = useQuery({ ...versionsQuery(name), enabled: model !== undefined });
  return {
    exists: model !== undefined,
    versions: model ? (versions.data ?? []).map(({ version }) => version) : [],
    live: model?.activeVersion ?? undefined,
  };
}
