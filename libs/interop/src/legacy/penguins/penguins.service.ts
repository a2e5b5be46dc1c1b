/** The older service's two routes over the registry and predictions of /v1. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ModelManifest } from '#inference';
import { ModelDirectory } from '#models';
import { DataFolder, DomainError, LatidoConfig, platformErrors, type Principal } from '#platform';
import { InputLog } from '../shared/input-log.js';
import { describeAnswer, LegacyPredictions } from '../shared/legacy-predictions.js';
import { readMeasurements, type Measurements } from './measurements.js';
import { speciesMetrics, type SpeciesMetrics } from './species-metrics.js';
import { readSpeciesModel, type SpeciesModel } from './species-model.js';

export interface AvailableModel {
  readonly name: string;
  readonly endpoint: string;
  readonly metrics: SpeciesMetrics;
}

export interface AvailableModels {
  readonly available_models: readonly AvailableModel[];
}

export interface Classification {
  readonly model: string;
  readonly species_id: number;
  readonly species_name: string;
}

export type ClassifyRequest = FastifyRequest<{ Params: { model: string } }>;

@Injectable()
export class PenguinsService {
  private readonly names: readonly string[];
  private readonly log: InputLog;

  constructor(
    config: LatidoConfig,
    folder: DataFolder,
    private readonly directory: ModelDirectory,
    private readonly predictions: LegacyPredictions,
  ) {
    this.names = config.legacy.penguinsModels;
    this.log = new InputLog(config, folder, 'penguins/predictions.log');
  }

  /** Those of LEGACY_PENGUINS_MODELS that answer now, that the caller may use and that tell species. */
  async models(caller: Principal): Promise<AvailableModels> {
    const active = await this.activeManifests();
    const listed = this.names.flatMap((name): AvailableModel[] => {
      const manifest = this.predictions.mayUse(caller, name) ? active.get(name) : undefined;
      if (!manifest || !readSpeciesModel(manifest).model) return [];
      return [{ name, endpoint: `POST /classify/${name}`, metrics: speciesMetrics(manifest.metrics) }];
    });
    return { available_models: listed };
  }

  /**
   * Recorded, and written to the log file where one is kept, before it is answered.
   * @throws INVALID_REQUEST; NOT_FOUND for a model that is not one of the service's; as `LegacyPredictions.predict`
   */
  async classify(request: ClassifyRequest, reply: FastifyReply): Promise<Classification> {
    const { model } = request.params;
    const measurements = readMeasurements(request.body);
    if (!this.names.includes(model))
      throw new DomainError(
        platformErrors.NOT_FOUND,
        'There is no such model; GET /models lists those that there are.',
      );
    let asked: SpeciesModel | undefined;
    const outcome = await this.predictions.predict(request, {
      model,
      rows: ({ manifest }) => [(asked = speciesModelOf(manifest)).rowOf(measurements)],
      pointerOf: () => '',
    });
    const [result] = outcome.results;
    if (!asked || !result || !('label' in result)) throw new Error('a classifier answered without a class');
    const { id, name } = asked.speciesOf(result.label);
    const answer: Classification = { model, species_id: id, species_name: name };
    await this.log.write(outcome.serving, () => logLine(measurements, answer));
    describeAnswer(request, reply, outcome);
    return answer;
  }

  private async activeManifests(): Promise<Map<string, ModelManifest>> {
    const found = new Map<string, ModelManifest>();
    for (const { name, versions, activeVersionId } of await this.directory.allVisible('user')) {
      const active = versions.find(({ id }) => id === activeVersionId);
      if (active) found.set(name, active.manifest);
    }
    return found;
  }
}

/** @throws NOT_FOUND saying why the model is none of this service's */
function speciesModelOf(manifest: ModelManifest): SpeciesModel {
  const read = readSpeciesModel(manifest);
  if (read.model) return read.model;
  throw new DomainError(platformErrors.NOT_FOUND, `${manifest.name} does not tell species here: ${read.why}.`);
}

function logLine(input: Measurements, { model, ...answer }: Classification): string {
  return `${JSON.stringify({ time: new Date().toISOString(), model, input, answer })}\n`;
}
