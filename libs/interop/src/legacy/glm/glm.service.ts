/** The older service's prediction over files, by the files of /v1. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ModelCatalogue, type ServingVersion } from '#models';
import { DataFolder, DomainError, LatidoConfig } from '#platform';
import { OpenFiles, originOf, WholeFiles } from '#predictions';
import { InputLog } from '../shared/input-log.js';
import { legacyErrors } from '../shared/legacy.errors.js';
import { describeAnswer, LegacyPredictions } from '../shared/legacy-predictions.js';
import { LOG_HEADER, logLine } from './log-lines.js';
import { receiveFile } from './uploaded-file.js';

/** Rows of a file; more go to batches. */
const MOST_ROWS = 10_000;

export interface GlmAnswer {
  /** Of each row of the file: whether it is of the positive class. */
  readonly prediction: readonly boolean[];
}

@Injectable()
export class GlmService {
  private readonly model: string;
  private readonly log: InputLog;

  constructor(
    config: LatidoConfig,
    folder: DataFolder,
    private readonly models: ModelCatalogue,
    private readonly predictions: LegacyPredictions,
    private readonly files: WholeFiles,
    private readonly open: OpenFiles,
  ) {
    this.model = config.legacy.glmModel;
    this.log = new InputLog(config, folder, 'glm/predictions_log.csv', LOG_HEADER);
  }

  /**
   * Recorded, and written to the log file where one is kept, before it is answered. Nothing is where a row is at fault.
   * @throws AUTHENTICATION_REQUIRED; LEGACY_MODEL_UNFIT, MODEL_NOT_FOUND and its kin; as `receiveFile` and `WholeFiles.predict`
   */
  predict(request: FastifyRequest, reply: FastifyReply): Promise<GlmAnswer> {
    const origin = originOf(request);
    this.predictions.requireOpen(origin.principal, this.model);
    return this.open.admitted(origin.principal, async () => {
      const serving = await this.models.serving(this.model, undefined, origin.principal.role);
      const positive = positiveClassOf(serving);
      request.state.enter('validate');
      const { name, bytes } = await receiveFile(request);
      request.state.enter('infer');
      const { ids, labels } = await this.files.predict({
        origin,
        serving,
        bytes,
        mostRows: MOST_ROWS,
        state: request.state,
      });
      request.state.leave();
      const prediction = labels.map((label) => label === positive);
      await this.log.write(serving, () => logLine(new Date(), name, prediction));
      describeAnswer(request, reply, { id: ids.join(', '), serving });
      return { prediction };
    });
  }
}

/** @throws LEGACY_MODEL_UNFIT */
function positiveClassOf({ manifest: { name, task, output, inputs, observations } }: ServingVersion): string {
  const unfit = (why: string): DomainError =>
    new DomainError(legacyErrors.LEGACY_MODEL_UNFIT, `The model ${name}, which LEGACY_GLM_MODEL names, ${why}.`);
  const positive = output.classes?.[1];
  if (task !== 'binary-classification' || !positive) throw unfit('does not tell two classes apart');
  if (observations || inputs.length === 0)
    throw unfit('takes more than values, which a line of a CSV file does not hold');
  return positive.name;
}
