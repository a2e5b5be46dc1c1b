/** What can be said of a manifest before it is sent. The server checks the rest, and this too. */
import { listAt, pointerOf, textAt, valueAt, type Path } from './pointers';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/;

export type CheckFault =
  'missing' | 'name' | 'version' | 'versionTaken' | 'number' | 'rangeHalf' | 'rangeOrder' | 'threshold';

export interface FoundFault {
  readonly pointer: string;
  readonly fault: CheckFault;
}

/** @param taken versions of the model that are there */
export function checkManifest(manifest: object, taken: readonly string[]): FoundFault[] {
  const at = (path: Path, fault: CheckFault | undefined): FoundFault[] =>
    fault ? [{ pointer: pointerOf(path), fault }] : [];
  return [
    ...at(['name'], nameFault(textAt(manifest, ['name']))),
    ...at(['version'], versionFault(textAt(manifest, ['version']), taken)),
    ...at(['title'], textAt(manifest, ['title']).trim() === '' ? 'missing' : undefined),
    ...columnPaths(manifest).flatMap((path) => [
      ...at([...path, 'title'], textAt(manifest, [...path, 'title']).trim() === '' ? 'missing' : undefined),
      ...rangeFaults(manifest, path),
    ]),
    ...at(['output', 'threshold'], thresholdFault(valueAt(manifest, ['output', 'threshold']))),
  ];
}

/** Where inputs and signals are described. */
function columnPaths(manifest: object): Path[] {
  return [['inputs'], ['observations', 'signals']].flatMap((list) =>
    listAt(manifest, list).map((_, index) => [...list, index]),
  );
}

function nameFault(name: string): CheckFault | undefined {
  if (name === '') return 'missing';
  return NAME.test(name) && name.length <= 64 ? undefined : 'name';
}

function versionFault(version: string, taken: readonly string[]): CheckFault | undefined {
  if (version === '') return 'missing';
  if (!VERSION.test(version)) return 'version';
  return taken.includes(version) ? 'versionTaken' : undefined;
}

function rangeFaults(manifest: object, path: Path): FoundFault[] {
  if (valueAt(manifest, [...path, 'range']) === undefined) return [];
  const [low, high] = ['minimum', 'maximum'].map((bound) => {
    const place = [...path, 'range', bound];
    return { pointer: pointerOf(place), value: valueAt(manifest, place) };
  }) as [{ pointer: string; value: unknown }, { pointer: string; value: unknown }];
  const faults = [low, high].flatMap(({ pointer, value }): FoundFault[] => {
    if (typeof value === 'number') return [];
    return [{ pointer, fault: value === undefined ? 'rangeHalf' : 'number' }];
  });
  const isReversed = typeof low.value === 'number' && typeof high.value === 'number' && low.value > high.value;
  return isReversed ? [{ pointer: high.pointer, fault: 'rangeOrder' }] : faults;
}

function thresholdFault(threshold: unknown): CheckFault | undefined {
  if (threshold === undefined) return undefined;
  if (typeof threshold !== 'number') return 'number';
  return threshold > 0 && threshold < 1 ? undefined : 'threshold';
}
