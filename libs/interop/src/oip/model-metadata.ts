/** What models are to this protocol: names, versions, tensors, whether they are ready. */
import { Injectable } from '@nestjs/common';
import type { Datatype, ModelManifest } from '#inference';
import { mayPredictWith, ModelCatalogue, ModelDirectory, modelErrors, versionIn, type VersionRecord } from '#models';
import { DomainError, type Role } from '#platform';
import { outputsOf } from './infer-response.js';
import { oipErrors } from './oip.errors.js';

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: Datatype;
  /** -1 stands for the rows. */
  readonly shape: readonly number[];
  /** Names of the classes, in the order of the second axis; of outputs that have one. */
  readonly labels?: readonly string[];
}

export interface ModelMetadataView {
  readonly name: string;
  /** Those that the caller may name, the one registered last first. */
  readonly versions: readonly string[];
  readonly platform: string;
  /** Of a model of observations the engine's own; else those of the manifest. */
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  /** What may be sent in place of `inputs`: the engine's own, behind the feature pipeline. */
  readonly raw_inputs: readonly TensorMetadata[];
}

@Injectable()
export class ModelMetadata {
  constructor(
    private readonly catalogue: ModelCatalogue,
    private readonly directory: ModelDirectory,
  ) {}

  /** Loads the version if it is not in memory: only the engine knows its tensors. @throws as ModelCatalogue.serving */
  async of(name: string, version: string | undefined, role: Role): Promise<ModelMetadataView> {
    const model = await this.directory.visible(name, role);
    const { manifest, engineInputs } = await this.catalogue.serving(name, version, role);
    const raw = engineInputs.map(({ name: input, shape }): TensorMetadata => ({
      name: input,
      datatype: 'FP32',
      shape: [-1, ...shape],
    }));
    const labels = manifest.output.classes?.map((declared) => declared.name);
    return {
      name,
      versions: model.versions.filter((record) => mayPredictWith(record, role)).map((record) => record.version),
      platform: `latido_${manifest.artifact.format}`,
      inputs: manifest.observations ? raw : namedInputs(manifest),
      outputs: outputsOf(manifest).map((output) =>
        labels && output.datatype === 'FP32' ? { ...output, labels } : { ...output },
      ),
      raw_inputs: raw,
    };
  }

  /** @throws MODEL_NOT_IN_MEMORY where it would have to be loaded first; else as `find` */
  async requireReady(name: string, version: string | undefined, role: Role): Promise<void> {
    const { id, version: found } = await this.find(name, version, role);
    if (this.catalogue.isInMemory(id)) return;
    throw new DomainError(
      oipErrors.MODEL_NOT_IN_MEMORY,
      `${name} ${found} is not in memory; the next inference loads it.`,
    );
  }

  /** The version that answers this caller. @throws MODEL_NOT_FOUND, MODEL_NOT_ACTIVE, VERSION_NOT_FOUND */
  async find(name: string, version: string | undefined, role: Role): Promise<VersionRecord> {
    const model = await this.directory.visible(name, role);
    if (version === undefined) {
      const active = model.versions.find(({ id }) => id === model.activeVersionId);
      if (active) return active;
      throw new DomainError(modelErrors.MODEL_NOT_ACTIVE, `No version of ${name} is active.`);
    }
    const usable = model.versions.filter((record) => mayPredictWith(record, role));
    return versionIn({ ...model, versions: usable }, version);
  }
}

/** Numbers are doubles, as in JSON; other numeric types are taken as well. */
const DATATYPE_OF = { number: 'FP64', integer: 'INT64', string: 'BYTES' } as const;

function namedInputs({ inputs }: ModelManifest): TensorMetadata[] {
  return inputs.map(({ name, type }) => ({ name, datatype: DATATYPE_OF[type], shape: [-1, 1] }));
}
