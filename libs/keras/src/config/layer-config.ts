/** Typed access to the options of one layer: every value read is checked, a missing one has Keras' own default. */
import { KerasImportError, type KerasRefusal } from '../errors.js';
import type { Layer } from '../layer.js';
import type { ImportLimits } from '../limits.js';
import type { KerasVersion } from './keras-version.js';

/** What reading any layer of one file needs beside the layer's own options. */
export interface ReadingContext {
  readonly keras: KerasVersion;
  readonly limits: ImportLimits;
  /** Reads a layer that stands in the options of another, or a model. Throws `KerasImportError`. */
  readLayer(saved: unknown): Layer;
}

export class LayerConfig {
  constructor(
    /** The layer's name as its author gave it. */
    readonly name: string,
    readonly className: string,
    readonly context: ReadingContext,
    private readonly options: Readonly<Record<string, unknown>>,
  ) {}

  /** Which Keras saved the file. */
  get keras(): KerasVersion {
    return this.context.keras;
  }

  /** The layer that this one is built around: `{class_name, config}` under an option. */
  layer(option: string): Layer {
    if (!this.has(option)) throw this.wrong(option, 'a layer');
    return this.context.readLayer(this.options[option]);
  }

  has(option: string): boolean {
    return this.options[option] !== undefined && this.options[option] !== null;
  }

  /** The value as JSON gives it, for options that a layer reads by itself. */
  raw(option: string): unknown {
    return this.options[option];
  }

  number(option: string, fallback?: number): number {
    return this.read(
      option,
      fallback,
      'a finite number',
      (value) => typeof value === 'number' && Number.isFinite(value),
    );
  }

  integer(option: string, fallback?: number): number {
    return this.read(option, fallback, 'an integer', (value) => Number.isSafeInteger(value));
  }

  boolean(option: string, fallback?: boolean): boolean {
    return this.read(option, fallback, 'true or false', (value) => typeof value === 'boolean');
  }

  text(option: string, fallback?: string): string {
    return this.read(option, fallback, 'a text', (value) => typeof value === 'string');
  }

  /** An axis or several: `-1`, `[-1]`, `[1, 2]`. */
  integers(option: string, fallback?: readonly number[]): number[] {
    const value = this.options[option] ?? fallback;
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    if (!list.every((item) => Number.isSafeInteger(item))) throw this.wrong(option, 'an integer or a list of them');
    return list as number[];
  }

  /**
   * One number or nested lists of numbers, flattened in row-major order with their shape (`[]` for one number). Infinite
   * ones are numbers here where they are asked for.
   */
  array(option: string, allowInfinite = false): { shape: number[]; values: Float32Array } {
    const nested = plain(this.options[option]);
    const shape: number[] = [];
    for (let level = nested; Array.isArray(level); level = (level as unknown[])[0]) shape.push(level.length);
    const values = (Array.isArray(nested) ? (nested as unknown[]).flat(shape.length - 1) : [nested]) as number[];
    const regular = values.length === shape.reduce((product, size) => product * size, 1);
    const isNumber = (value: unknown): boolean =>
      typeof value === 'number' && (Number.isFinite(value) || (allowInfinite && !Number.isNaN(value)));
    if (!regular || !values.every(isNumber)) {
      throw this.wrong(option, 'an array of numbers');
    }
    return { shape, values: Float32Array.from(values) };
  }

  /** A refusal that names this layer. */
  refuse(code: KerasRefusal, message: string): KerasImportError {
    return new KerasImportError(code, `Layer ${this.name} (${this.className}): ${message}`, this.name);
  }

  private read<T>(option: string, fallback: T | undefined, expected: string, accepts: (value: unknown) => boolean): T {
    const value = plain(this.options[option]) ?? fallback;
    if (!accepts(value)) throw this.wrong(option, expected);
    return value as T;
  }

  private wrong(option: string, expected: string): KerasImportError {
    return this.refuse('invalid-config', `${option} should be ${expected}; save the model again.`);
  }
}

/**
 * NumPy values as Keras writes them: `{type: "ndarray", value}` up to 2.2, `{class_name: "__numpy__", config: {value}}`
 * later.
 */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const wrapped = value as { type?: unknown; value?: unknown; class_name?: unknown; config?: { value?: unknown } };
  if (wrapped.type === 'ndarray') return wrapped.value;
  if (wrapped.class_name === '__numpy__' || wrapped.class_name === '__tensor__') return wrapped.config?.value;
  return value;
}
