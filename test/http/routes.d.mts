import type { Step } from './generate.mjs';

interface Document {
  readonly paths: Readonly<Record<string, object>>;
}

/** `GET /v1/models/{model}` of a step; undefined where the document has no such route. */
export function routeOf(step: Step, document: Document): string | undefined;
/** Routes of the document that no step of these topics is. */
export function unsentRoutes(document: Document, topics: readonly { readonly steps: readonly Step[] }[]): string[];
