/** The older service over the registry and the predictions of /v1: its list, its one active model, its records and its files. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actingAs, Activations, mayPredictWith, ModelDirectory, modelErrors } from '#models';
import {
  CsvBody,
  DomainError,
  FormDeadline,
  invalidRequest,
  LatidoConfig,
  platformErrors,
  readMultipart,
  type MultipartPart,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { CsvStreams, OpenFiles, originOf } from '#predictions';
import { describeAnswer, LegacyPredictions } from '../shared/legacy-predictions.js';
import { LabActiveModel } from './lab-active-model.js';
import { FILE_NAME, labColumns, labModel, labPrediction, type LabModel, type LabPrediction } from './lab-answers.js';
import { recordPointer, recordsIn } from './lab-records.js';
import type { ActivateLabModelDto } from './lab.dto.js';

const FILE_FIELD = 'file';
/** Of a form: the file, and fields that some clients send beside it. The file itself is bounded by the rows of the plan. */
const FORM_LIMITS = { fileBytes: Infinity, fieldBytes: 16_384, parts: 20 };

@Injectable()
export class LabService {
  /** How long what comes before a form's file may take, and what comes behind it once that is answered. */
  formWithinMs = 60_000;
  private readonly models: readonly string[];

  constructor(
    config: LatidoConfig,
    private readonly directory: ModelDirectory,
    private readonly activations: Activations,
    private readonly active: LabActiveModel,
    private readonly predictions: LegacyPredictions,
    private readonly streams: CsvStreams,
    private readonly files: OpenFiles,
  ) {
    this.models = config.legacy.labModels;
  }

  /** The versions that the caller may use, of the service's models in their order, the one registered last first. */
  async list(caller: Principal): Promise<LabModel[]> {
    const active = await this.active.look();
    const activeId = 'versionId' in active ? active.versionId : null;
    const visible = new Map((await this.directory.allVisible(caller.role)).map((model) => [model.name, model]));
    return this.models
      .filter((name) => this.predictions.mayUse(caller, name))
      .flatMap((name) => visible.get(name)?.versions ?? [])
      .filter((version) => mayPredictWith(version, caller.role))
      .map((version) => labModel(version, version.id === activeId));
  }

  /**
   * Puts a version in its model's place of service, where it is not, and has the service answer by that model: both or neither.
   * @throws MODEL_NOT_FOUND also for a model that is none of the service's; else as `Activations.ensureActive`
   */
  async activate(
    { name, version, reason }: ActivateLabModelDto,
    caller: Principal,
    origin: RequestOrigin,
  ): Promise<LabModel> {
    if (!this.models.includes(name))
      throw new DomainError(
        modelErrors.MODEL_NOT_FOUND,
        "No model of this name is one of this service's (LEGACY_LAB_MODELS).",
      );
    const person = actingAs(caller, origin);
    await this.activations.ensureActive(name, version, { reason }, person, this.active.pointTo(name, version, person));
    return labModel(await this.directory.version(name, version, caller.role), true);
  }

  /** One answer to one record, a list to a list. @throws LAB_NOTHING_ACTIVE; else as `LegacyPredictions.predict` */
  async predict(request: FastifyRequest, reply: FastifyReply): Promise<LabPrediction | LabPrediction[]> {
    const { body } = request;
    // Named, so that no canary answers in place of the version that the list shows as the active one.
    const { model, version } = await this.active.require();
    const outcome = await this.predictions.predict(request, {
      model,
      version,
      rows: ({ manifest }, faults) => recordsIn(body, manifest.inputs, faults),
      pointerOf: recordPointer(body),
    });
    describeAnswer(request, reply, outcome);
    const answers = outcome.results.map((result) => labPrediction(result, outcome.serving));
    return Array.isArray(body) ? answers : answers[0]!;
  }

  /** Answers a file with a file, each thousand rows recorded before they are answered; or sends why not. */
  async predictFile(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { body } = request;
    const { principal } = originOf(request);
    try {
      const { model, version } = await this.active.require();
      this.predictions.requireOpen(principal, model);
      const call = { model, version, columns: labColumns, fileName: FILE_NAME };
      const answer = (file: CsvBody): Promise<void> =>
        this.streams.answerAdmitted(request, reply, { ...call, body: file });
      await this.files.admitted(principal, () =>
        body instanceof CsvBody ? answer(body) : answerForm(request, answer, this.formWithinMs),
      );
    } catch (error) {
      if (body instanceof CsvBody) body.discard();
      else request.raw.resume();
      void reply.send(error);
    }
  }
}

/**
 * Resolves when the form's file was answered: what is wrong behind it is nothing that its answer could still tell.
 * @throws REQUEST_TIMEOUT where no file has begun in time, as `receiveFile`, what `answer` throws
 */
function answerForm(
  request: FastifyRequest,
  answer: (file: CsvBody) => Promise<void>,
  withinMs: number,
): Promise<void> {
  const deadline = new FormDeadline('The file of the form', withinMs);
  let rest: NodeJS.Timeout | undefined;
  return new Promise((resolve, reject) => {
    const answerFile = async (file: CsvBody): Promise<void> => {
      deadline.met();
      await answer(file);
      // Whoever is answered has nothing to keep the connection for.
      rest = setTimeout(() => request.raw.destroy(), withinMs).unref();
      resolve();
    };
    receiveFile(request, answerFile, deadline.signal)
      .finally(() => {
        deadline.met();
        clearTimeout(rest);
      })
      .then(resolve, reject);
  });
}

/** @throws UNSUPPORTED_MEDIA_TYPE, INVALID_REQUEST where there is no file, and as `readMultipart` */
async function receiveFile(
  request: FastifyRequest,
  answer: (file: CsvBody) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const { 'content-type': type, 'content-length': length } = request.headers;
  if (type !== undefined && !type.toLowerCase().startsWith('multipart/form-data'))
    throw new DomainError(
      platformErrors.UNSUPPORTED_MEDIA_TYPE,
      'This route reads multipart/form-data with the file, and text/csv.',
    );
  let found = false;
  const receive = async (part: MultipartPart): Promise<void> => {
    if (!('file' in part)) {
      if (part.name === FILE_FIELD) throw invalidRequest([{ pointer: `/${FILE_FIELD}`, detail: 'must be a file' }]);
    } else if (found || part.name !== FILE_FIELD) part.file.resume();
    else {
      found = true;
      // The form is hardly longer than its file.
      await answer(new CsvBody(part.file, undefined, length === undefined ? undefined : Number(length)));
    }
  };
  if (type !== undefined) await readMultipart(request, FORM_LIMITS, receive, stop);
  if (!found) throw invalidRequest([{ pointer: `/${FILE_FIELD}`, detail: 'is missing' }]);
}
