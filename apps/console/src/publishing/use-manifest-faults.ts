/** What is wrong with the manifest: found here as one types, or by the server when it was sent. */
import { useTranslation } from 'react-i18next';
import { checkManifest } from './check-manifest';
import { readManifest } from './manifest-text';
import { pathOf, textAt, valueAt } from './pointers';
import type { Draft } from './use-draft';
import { useExisting } from './use-existing';
import { isManifestFault, type Refused } from './use-publication';
import './texts';

export interface ManifestFault {
  readonly pointer: string;
  readonly detail: string;
  /** In the server's words, English. */
  readonly isForeign: boolean;
}

export interface ManifestFaults {
  readonly all: readonly ManifestFault[];
  /** Something that is wrong before it is sent. */
  readonly isBroken: boolean;
  /** What is wrong at a place. */
  at(pointer: string): ManifestFault | undefined;
}

/** @param refused what the server had against which text */
export function useManifestFaults(draft: Draft, refused: Refused | undefined): ManifestFaults {
  const { t } = useTranslation('publishing');
  const { manifest, fault } = draft.reading ?? {};
  const { versions } = useExisting(textAt(manifest, ['name']));
  const own = manifest
    ? checkManifest(manifest, versions).map(({ pointer, fault: kind }) => ({
        pointer,
        detail: t(`checks.${kind}`),
        isForeign: false,
      }))
    : [];
  // Until what is said of a place is no longer what stands there.
  const foreign = isManifestFault(refused?.error)
    ? refused.error.errors
        .filter(({ pointer }) => isAsBefore(pointer, readManifest(refused.text).manifest, manifest))
        .map(({ pointer, detail }) => ({ pointer, detail, isForeign: true }))
    : [];
  const all = [...own, ...foreign.filter(({ pointer }) => !own.some((one) => one.pointer === pointer))];
  return {
    all,
    isBroken: own.length > 0 || fault !== undefined,
    at: (pointer) => all.find((one) => one.pointer === pointer),
  };
}

/** What may stand in a place depends on the task. */
function isAsBefore(pointer: string, before: unknown, now: unknown): boolean {
  return [pathOf(pointer), ['task']].every((path) => {
    const [was, is] = [before, now].map((manifest) => JSON.stringify(valueAt(manifest, path)));
    return was === is;
  });
}
