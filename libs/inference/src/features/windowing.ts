/** Makes the windows of a row from its observations, once, whichever of the model's inputs take them. */
import type { FeatureDeclaration, ManifestSignal, WindowStep } from '../manifest.js';
import type { FaultSink } from './fault-sink.js';
import type { FeatureBranch } from './feature-branch.js';
import { compileObservationReader } from './observation-reader.js';
import { addDuplicateFaults, addMissingFaults, addOrderFaults, addTimingFaults } from './window-faults.js';
import { buildWindow } from './window.js';

export interface Windowing {
  /**
   * Values `[samples, signals]` of each distinct window; undefined where faults were added.
   * @param sent what the row has as `observations`, unchecked
   */
  read(sent: unknown, pointer: string, faults: FaultSink): Float64Array[] | undefined;
  /** Position of the branch's window among those. */
  windowOf(branch: FeatureBranch): number;
}

interface NeededWindow {
  readonly window: WindowStep;
  /** Signals that reach the model without being imputed. */
  readonly needed: readonly number[];
}

/** Undefined where no branch takes a window. */
export function compileWindowing(
  { observations }: FeatureDeclaration,
  branches: readonly FeatureBranch[],
): Windowing | undefined {
  const windowed = branches.filter(({ window }) => window);
  if (!observations || windowed.length === 0) return undefined;
  const { signals } = observations;
  const sizes = [...new Set(windowed.flatMap(({ window }) => window?.samples ?? []))];
  const windows = sizes.map((samples) =>
    neededWindow(
      windowed.filter(({ window }) => window?.samples === samples),
      signals,
    ),
  );
  const readObservations = compileObservationReader(observations);
  return {
    windowOf: ({ window }) => sizes.indexOf(window?.samples ?? 0),
    read(sent, pointer, faults) {
      const table = readObservations(sent, pointer, faults);
      const [first] = windows;
      // What is missing cannot be said of observations of which some could not be read.
      if (!table || !first) return undefined;
      const sink = new CountedFaults(faults);
      addOrderFaults(table, first.window, pointer, sink);
      addDuplicateFaults(table, first.window, signals, pointer, sink);
      const made = windows.map(({ window, needed }) => {
        const result = buildWindow(table, window, signals.length);
        addTimingFaults(result, window, pointer, sink);
        addMissingFaults(result, window, { declared: signals, needed }, pointer, sink);
        return result.values;
      });
      return sink.count === 0 ? made : undefined;
    },
  };
}

/** Windows of one size differ in nothing: their rules are the same. */
function neededWindow(branches: readonly FeatureBranch[], signals: readonly ManifestSignal[]): NeededWindow {
  const reaching = branches.flatMap(({ layout }) => layout.columns);
  const needed = signals.flatMap(({ name }, index) =>
    reaching.some(({ source, imputed }) => source.kind === 'signal' && source.name === name && !imputed) ? [index] : [],
  );
  return { window: branches[0]?.window as WindowStep, needed };
}

class CountedFaults implements FaultSink {
  count = 0;

  constructor(private readonly sink: FaultSink) {}

  get full(): boolean {
    return this.sink.full;
  }

  add(pointer: string, detail: string): void {
    this.count += 1;
    this.sink.add(pointer, detail);
  }
}
