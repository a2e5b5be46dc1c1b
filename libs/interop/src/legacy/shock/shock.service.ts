/** The older service for haemodynamic shock: its bodies in, its answers out, over the services of /v1. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ModelCatalogue } from '#models';
import type { Principal, RequestOrigin } from '#platform';
import type { Faults } from '#predictions';
import type { ServingVersion } from '#models';
import { LegacyAccounts } from '../shared/legacy-accounts.js';
import { describeAnswer, LegacyPredictions } from '../shared/legacy-predictions.js';
import { requireFit, shockAnswer, type ShockAnswer } from './shock-answer.js';
import { inClientsPlaces } from './shock-faults.js';
import { ShockReader, type PatientObservations } from './shock-observations.js';
import { readShockTable } from './shock-table.js';

const MODEL = 'haemodynamic-shock';

export interface ShockToken {
  readonly access_token: string;
  readonly token_type: 'bearer';
}

export interface ShockHealth {
  readonly health_check: 'OK';
  readonly model_version: string;
}

export interface ShockUser {
  readonly User: { readonly username: string; readonly id: string };
}

@Injectable()
export class ShockService {
  constructor(
    private readonly accounts: LegacyAccounts,
    private readonly predictions: LegacyPredictions,
    private readonly models: ModelCatalogue,
  ) {}

  /** @returns `null` as JSON, which is all that the older service said. @throws as `LegacyAccounts.register` */
  async createUser(body: unknown, origin: RequestOrigin): Promise<string> {
    await this.accounts.register({ username: field(body, 'username'), password: field(body, 'password') }, origin);
    return 'null';
  }

  /** Sent as JSON or as OAuth 2's form, of which no more is asked than the two. @throws as `LegacyAccounts.signInOnce` */
  async token(body: unknown, origin: RequestOrigin): Promise<ShockToken> {
    const token = await this.accounts.signInOnce(field(body, 'username'), field(body, 'password'), origin);
    return { access_token: token, token_type: 'bearer' };
  }

  async user({ userId }: Principal): Promise<ShockUser> {
    return { User: { username: await this.accounts.nameOf(userId), id: userId } };
  }

  /** @throws MODEL_NOT_FOUND, MODEL_NOT_ACTIVE, VERSION_NOT_LOADED */
  async health(): Promise<ShockHealth> {
    const { version } = this.models.peekActive(MODEL) ?? (await this.models.serving(MODEL, undefined, 'user'));
    return { health_check: 'OK', model_version: version };
  }

  /**
   * Predicts for the patient or patients of a table, in one prediction, and records it before it answers.
   * @returns a list where `idAtencion` is a column
   * @throws INVALID_REQUEST with pointers into the table; LEGACY_MODEL_UNFIT; else as `LegacyPredictions.predict`
   */
  async predict(request: FastifyRequest, reply: FastifyReply): Promise<ShockAnswer | ShockAnswer[]> {
    const table = readShockTable(request.body);
    const { patients, several } = table;
    let read: PatientObservations[] = [];
    const rows = (serving: ServingVersion, faults: Faults): object[] => {
      requireFit(serving);
      const reader = new ShockReader(serving.manifest);
      read = patients.map((patient) => reader.read(table, patient, faults));
      faults.throwIfAny();
      return read.map(({ observations }) => ({ observations }));
    };
    const subjects = patients.map(({ idAtencion }) => String(idAtencion));
    try {
      const outcome = await this.predictions.predict(request, { model: MODEL, rows, subjects });
      describeAnswer(request, reply, outcome);
      const answers = outcome.results.map((result, index) => shockAnswer(patients[index]!.idAtencion, result));
      return several ? answers : answers[0]!;
    } catch (error) {
      throw inClientsPlaces(error, patients, read);
    }
  }
}

/** Undefined where the body is no object or has it not. */
function field(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined;
  return (body as Readonly<Record<string, unknown>>)[name];
}
