/** Predictions as the older service's clients ask for them and list them: those of the record, under numbers of each user's own. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServingVersion } from '#models';
import { DomainError, invalidRequest, platformErrors, type Principal } from '#platform';
import { Faults, PredictionHistory, type PredictedRow, type RowsOutcome } from '#predictions';
import { EntitlementService } from '#subscriptions';
import { describeAnswer, LegacyPredictions } from '../shared/legacy-predictions.js';
import {
  CARDIAC_MODEL,
  fieldOf,
  patientOf,
  PREDICT,
  readPatient,
  requireRisk,
  riskOf,
  SERVICE,
  type ReadPatient,
  type Vocabulary,
} from './patient.js';
import { PredictionNumbers } from './prediction-numbers.js';

/** The two plans of the older service: FREEMIUM's routes are for it alone, the others for every other plan. */
export type Tier = 'freemium' | 'premium';

/** In a list, the newest: it has no pages. */
export const MOST_LISTED = 1_000;

const FREE_PLAN = 'FREEMIUM';
const NUMBER = /^[1-9]\d{0,8}$/;
/** Where the model's faults stand while they bear its manifest's names. */
const MANIFEST_POINTER = '/manifest';

export interface NumberedPatient extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly riesgoCardiaco: boolean;
}

export interface ServiceAnswer {
  readonly riesgo_cardiaco: boolean;
  /** Of a risk. */
  readonly probabilidad: number;
}

@Injectable()
export class CardiacPredictions {
  constructor(
    private readonly predictions: LegacyPredictions,
    private readonly history: PredictionHistory,
    private readonly entitlements: EntitlementService,
    private readonly numbers: PredictionNumbers,
  ) {}

  /**
   * The patient as it was read, its number and whether the patient is at risk; recorded before it is answered.
   * @throws FORBIDDEN on the other plan's route; INVALID_REQUEST with pointers into what was sent; else as `LegacyPredictions.predict`
   */
  async predict(tier: Tier, body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<NumberedPatient> {
    const { userId } = callerOf(request);
    await this.requireTier(userId, tier);
    const patient = readPatient(body, PREDICT);
    const outcome = await this.outcomeOf(patient, PREDICT, request, true);
    const number = await this.numbers.numberOf(userId, outcome.id);
    describeAnswer(request, reply, outcome);
    const { subject, row: input } = patient;
    return viewOf(number, { subject, input, result: outcome.results[0]! });
  }

  /** The assignment's own route, in its words; not among the numbered ones. @throws as `predict`, whatever the plan */
  async serve(body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<ServiceAnswer> {
    const outcome = await this.outcomeOf(readPatient(body, SERVICE), SERVICE, request, false);
    describeAnswer(request, reply, outcome);
    const { atRisk, probability } = riskOf(outcome.results[0]!);
    return { riesgo_cardiaco: atRisk, probabilidad: probability };
  }

  /** The caller's own, by number; the newest 1,000. Those that were erased or dropped from the record are left out. @throws FORBIDDEN */
  async list(tier: Tier, { userId }: Principal): Promise<NumberedPatient[]> {
    await this.requireTier(userId, tier);
    const numbered = await this.numbers.newest(userId, MOST_LISTED);
    const rows = await this.history.firstRows(
      userId,
      numbered.map(({ predictionId }) => predictionId),
    );
    return numbered.flatMap(({ number, predictionId }) => {
      const row = rows.get(predictionId);
      return row ? [viewOf(number, row)] : [];
    });
  }

  /** @throws NOT_FOUND, also for what was erased; FORBIDDEN */
  async find(tier: Tier, id: string, { userId }: Principal): Promise<NumberedPatient> {
    await this.requireTier(userId, tier);
    const predictionId = NUMBER.test(id) ? await this.numbers.find(userId, Number(id)) : undefined;
    const row =
      predictionId === undefined ? undefined : (await this.history.firstRows(userId, [predictionId])).get(predictionId);
    if (!row) throw new DomainError(platformErrors.NOT_FOUND, 'There is no prediction with this id.');
    return viewOf(Number(id), row);
  }

  private async outcomeOf(
    patient: ReadPatient,
    vocabulary: Vocabulary,
    request: FastifyRequest,
    numbered: boolean,
  ): Promise<RowsOutcome> {
    try {
      return await this.predictions.predict(request, {
        model: CARDIAC_MODEL,
        subjects: patient.subject === null ? null : [patient.subject],
        pointerOf: () => MANIFEST_POINTER,
        rows: (serving, faults) => rowsOf(patient, serving, faults),
        besides: numbered ? this.numbers.enter : undefined,
      });
    } catch (error) {
      throw inTermsOf(vocabulary, error);
    }
  }

  /** @throws FORBIDDEN */
  private async requireTier(userId: string, tier: Tier): Promise<void> {
    const { plan } = this.entitlements.peek(userId) ?? (await this.entitlements.of(userId));
    if ((plan === FREE_PLAN) === (tier === 'freemium')) return;
    throw new DomainError(platformErrors.FORBIDDEN, 'No tienes permisos para acceder a esta ruta');
  }
}

/** What the patient's own values are at fault for goes before what the model says of the rest. */
function rowsOf({ row, faults: own }: ReadPatient, serving: ServingVersion, faults: Faults): readonly unknown[] {
  requireRisk(serving);
  for (const { pointer, detail } of own) faults.add(pointer, detail);
  return [row];
}

/** The faults with pointers into what the client sent; of each field those that were found first. */
function inTermsOf(vocabulary: Vocabulary, error: unknown): unknown {
  if (!(error instanceof DomainError) || error.kind !== platformErrors.INVALID_REQUEST) return error;
  const errors = error.extra.errors ?? [];
  const own = errors.filter(({ pointer }) => !isOfManifest(pointer));
  const named = new Set(own.map(({ pointer }) => pointer));
  const models = errors.filter(({ pointer }) => isOfManifest(pointer));
  const renamed = models.map(({ pointer, detail }) => ({
    pointer: `/${fieldOf(pointer.slice(MANIFEST_POINTER.length), vocabulary)}`,
    detail,
  }));
  return invalidRequest([...own, ...renamed.filter(({ pointer }) => !named.has(pointer))]);
}

function isOfManifest(pointer: string): boolean {
  return pointer === MANIFEST_POINTER || pointer.startsWith(`${MANIFEST_POINTER}/`);
}

function viewOf(number: number, row: PredictedRow): NumberedPatient {
  return { ...patientOf(row, PREDICT), id: String(number), riesgoCardiaco: riskOf(row.result).atRisk };
}

function callerOf({ state: { principal } }: FastifyRequest): Principal {
  if (!principal) throw new Error('a prediction route was reached without authentication');
  return principal;
}
