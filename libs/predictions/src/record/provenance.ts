/** What computed a prediction: written once for all predictions that share it, and named by its hash in each. */
import { hash } from 'node:crypto';
import type { ServingVersion } from '#models';

export interface Provenance {
  /** The first 128 bits of a SHA-256 over the other fields, as a UUID: whoever changes a field changes the name. */
  readonly id: string;
  readonly modelName: string;
  readonly version: string;
  readonly versionId: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly processor: string;
  readonly notice: string | null;
}

const known = new WeakMap<ServingVersion, Provenance>();

export function provenanceOf(serving: ServingVersion): Provenance {
  const found = known.get(serving);
  if (found) return found;
  const made = withId({
    modelName: serving.model,
    version: serving.version,
    versionId: serving.id,
    engine: serving.engine.name,
    engineVersion: serving.engine.version,
    processor: serving.processor,
    notice: serving.manifest.notice ?? null,
  });
  known.set(serving, made);
  return made;
}

export function withId(fields: Omit<Provenance, 'id'>): Provenance {
  return { ...fields, id: provenanceId(fields) };
}

/** The name that the fields must have: lines of text, the notice last, because it alone may have several lines. */
export function provenanceId(fields: Omit<Provenance, 'id'>): string {
  const { modelName, version, versionId, engine, engineVersion, processor, notice } = fields;
  const text = [modelName, version, versionId, engine, engineVersion, processor, notice ?? ''].join('\n');
  return hash('sha256', text, 'hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
