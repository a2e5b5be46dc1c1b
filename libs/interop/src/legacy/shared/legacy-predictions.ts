/** Predictions as older services' routes ask for them: limited, recorded and shadowed as those of /v1. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authenticationRequired } from '#auth';
import type { ServingVersion } from '#models';
import { headerText, invalidRequest, LatidoConfig, type Principal } from '#platform';
import {
  Faults,
  originOf,
  PredictionsService,
  readObjectRows,
  serverTiming,
  type RowsCall,
  type RowsOutcome,
} from '#predictions';

export interface LegacyRows {
  readonly model: string;
  /** The rows as the model's manifest names their inputs; asked once it is known which version answers. */
  readonly rows: (serving: ServingVersion, faults: Faults) => readonly unknown[];
  /** The clients' own references of their patients, one a row; null where they name none. */
  readonly subjects?: readonly (string | null)[] | null;
  /** Where an input of a row stood in what the client sent; `name` is a pointer below the row, such as `/age`. */
  readonly pointerOf?: (row: number) => string;
  /** A version that is named, for protocols that let clients do so; left out: the active one, or a canary. */
  readonly version?: string;
  /** See `RowsCall`. */
  readonly besides?: RowsCall['besides'];
}

@Injectable()
export class LegacyPredictions {
  private readonly anonymousModels: ReadonlySet<string>;

  constructor(
    config: LatidoConfig,
    private readonly predictions: PredictionsService,
  ) {
    this.anonymousModels = new Set(config.legacy.anonymous.models);
  }

  /**
   * Predicts, and records before it answers.
   * @throws AUTHENTICATION_REQUIRED for a call without a token on a model that is not open to such; else as
   *   `PredictionsService.predictRows`, faults of all rows with pointers by `pointerOf`
   */
  predict(
    request: FastifyRequest,
    { model, rows, subjects = null, pointerOf, version, besides }: LegacyRows,
  ): Promise<RowsOutcome> {
    const origin = originOf(request);
    this.requireOpen(origin.principal, model);
    return this.predictions.predictRows({
      ...origin,
      state: request.state,
      model,
      version,
      besides,
      subject: subjects?.length === 1 ? subjects[0]! : null,
      read: (serving, mostRows) => {
        const faults = new Faults();
        const objects = rows(serving, faults);
        if (objects.length === 0 || objects.length > mostRows) {
          const detail = objects.length === 0 ? 'must have at least 1 row' : `must have at most ${mostRows} rows`;
          if (faults.none) throw invalidRequest([{ pointer: '', detail }]);
        }
        const read = readObjectRows(serving, objects, pointerOf ?? ((row) => `/${row}`), faults);
        return { ...read, subjects };
      },
    });
  }

  /** Whether the caller may see and use the model: with a token all, without one those that are open. */
  mayUse(principal: Principal, model: string): boolean {
    return !principal.anonymous || this.anonymousModels.has(model);
  }

  /** @throws AUTHENTICATION_REQUIRED */
  requireOpen(principal: Principal, model: string): void {
    if (this.mayUse(principal, model)) return;
    throw authenticationRequired(
      'This model needs an access token or an API key: LEGACY_ANONYMOUS_MODELS does not name it.',
    );
  }
}

/**
 * What a prediction's answer says beside a body whose shape is the older service's.
 * @param outcome `id` may be several, separated by commas, where one answer was recorded as several predictions
 */
export function describeAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  { id, serving }: Pick<RowsOutcome, 'id' | 'serving'>,
): void {
  const { manifest, version } = serving;
  void reply
    .header('server-timing', serverTiming(request.state.timings))
    .header('x-prediction-id', id)
    .header('x-model-version', version);
  if (manifest.notice !== undefined) void reply.header('x-model-notice', headerText(manifest.notice));
}
