/** `@latido/client`: a typed client for Latido's API, for browsers and Node. */
export {
  createLatidoClient,
  dataOf,
  type Batch,
  type FileOptions,
  type LatidoClient,
  type LatidoOptions,
  type PredictOptions,
  type Prediction,
  type PredictionRequest,
} from './client.js';
export { readEvents, type ServerEvent } from './events.js';
export { LatidoProblem, type FieldError } from './problem.js';
export type { RetryOptions } from './retry.js';
export type { components, operations, paths } from './schema.js';
