/**
 * The number types of a model. Float32 is computed as it is; float64 in float32, which differs by less than 1e-6 for
 * nets of sane weights; half precision and quantised models round between layers and would answer otherwise.
 */
import type { LayerConfig } from './layer-config.js';

/** Throws `unsupported-dtype` unless the layer computes in float32 or float64. */
export function requireFloatPolicy(config: LayerConfig): void {
  const name = policyName(config.raw('dtype'));
  if (name === undefined || name === 'float32' || name === 'float64') return;
  throw config.refuse('unsupported-dtype', `it computes in ${name}; save a float32 model.`);
}

/** `"float32"`, `{class_name: "Policy" | "DTypePolicy", config: {name: "float32"}}`, or nothing in Keras 2.2. */
function policyName(dtype: unknown): string | undefined {
  if (dtype === undefined || dtype === null) return undefined;
  if (typeof dtype === 'string') return dtype;
  const name = (dtype as { config?: { name?: unknown } }).config?.name;
  return typeof name === 'string' ? name : 'an unknown type';
}

const exactTypes = new Set(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'bool']);

/**
 * Throws `unsupported-dtype` for an input that is neither of floats nor of integers or booleans. These are fed as float32,
 * which holds integers exactly up to 2^24; a boolean is 1 or 0.
 */
export function requireNumericInput(config: LayerConfig): void {
  const name = policyName(config.raw('dtype'));
  if (name === undefined || !exactTypes.has(name)) requireFloatPolicy(config);
}
