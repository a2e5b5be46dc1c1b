/**
 * The configuration of a model in one form, whichever Keras wrote it: layers, the calls between them, inputs and
 * outputs.
 */
import { KerasImportError } from '../errors.js';
import { readFunctional } from './functional.js';
import { isModelClass, requireObject, type ModelConfig } from './saved-config.js';
import { readSequential } from './sequential.js';

/** Reads `{class_name, config}` of a model. Throws `unsupported-model`, `lambda-layer`, `unknown-layer` or `invalid-config`. */
export function readModelConfig(saved: unknown): ModelConfig {
  const model = requireObject(saved, 'the model');
  const className = String(model['class_name']);
  if (isModelClass({ className })) return className === 'Sequential' ? readSequential(model) : readFunctional(model);
  const message = `The model is a ${className}: only Sequential and Functional models describe their own architecture. Rebuild it as one of these and save that.`;
  throw new KerasImportError('unsupported-model', message);
}
