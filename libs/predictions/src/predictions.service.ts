/** One prediction: may they, is it valid, what does the model say, is it written down; only then is it an answer. */
import { Injectable } from '@nestjs/common';
import type { FeatureRow, PredictionResult } from '#inference';
import { ModelCatalogue, type ServingVersion } from '#models';
import type { RequestState } from '#platform';
import { EntitlementService, RowBudget, type Entitlement } from '#subscriptions';
import { Faults } from './faults.js';
import { fingerprint } from './fingerprint.js';
import { FirstAnswers } from './first-answers.js';
import { InferenceStatistics } from './inference-statistics.js';
import { answerOf, writeAnswer, type PredictionAnswer } from './prediction-answer.js';
import { MAX_ROWS, parsePredictionRequest, rowPointer, type PredictionRequest } from './prediction-request.js';
import { readObjectRows } from './prediction-rows.js';
import type { KeyClaim, RecordCompanion } from './record/key-claims.js';
import { recordOf, type PredictionOrigin, type PredictionRecord, type Scored } from './record/prediction-record.js';
import { PredictionRecorder } from './record/prediction-recorder.js';
import { ShadowRuns } from './shadow/shadow-runs.js';

/** One call of the route, as far as the domain cares. */
export interface PredictionCall extends PredictionOrigin {
  readonly model: string;
  /** Parsed JSON that nobody has looked at. */
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
  /** When it came in; takes the time of `validate`, `infer` and `record`. */
  readonly state: Pick<RequestState, 'receivedAtMs' | 'enter' | 'leave' | 'timings'>;
}

export interface PredictionOutcome {
  readonly answer: PredictionAnswer;
  /** The same as JSON. */
  readonly text: string;
  /** True when it is the answer to an earlier request with the same Idempotency-Key. */
  readonly replayed: boolean;
}

/** Valid rows, and the version that answers them. */
interface Computable {
  readonly serving: ServingVersion;
  readonly rows: readonly FeatureRow[];
  /** JSON text of each row, for the record. */
  readonly inputs: readonly string[];
  readonly subjects: readonly (string | null)[] | null;
  readonly rowsPerDay: number;
}

/** A request that may be answered: by which version, from which rows. */
interface Prepared extends Computable {
  readonly request: PredictionRequest;
  readonly claim: KeyClaim | undefined;
}

/** What is to be computed, all of it valid; or the first answer, when this is a repeated request. */
type Preparation = Prepared | { readonly earlier: PredictionAnswer };

type ScoredRows = Pick<Scored, 'scores' | 'width' | 'results'>;

/** Rows of another protocol's request, in the forms in which they are scored and recorded. */
export interface RowsRead extends Pick<Scored, 'inputs' | 'subjects'> {
  readonly rows: readonly FeatureRow[];
}

/** One call of another protocol's route. */
export interface RowsCall extends PredictionOrigin, Pick<PredictionCall, 'model' | 'state'> {
  /** Undefined: the active one, or the canary for those in its share. */
  readonly version: string | undefined;
  /** The one patient whom the request is about, by whom a share of the traffic is chosen; null: its user's. */
  readonly subject: string | null;
  /** Called once it is known which version answers. @throws what the request is refused with */
  readonly read: (serving: ServingVersion, mostRows: number) => RowsRead;
  /** Writes beside the record, in its transaction: both are committed or neither. */
  readonly besides?: RecordCompanion;
}

export interface RowsOutcome {
  /** Of the prediction as it is recorded. */
  readonly id: string;
  readonly serving: ServingVersion;
  readonly results: readonly PredictionResult[];
}

@Injectable()
export class PredictionsService {
  constructor(
    private readonly models: ModelCatalogue,
    private readonly entitlements: EntitlementService,
    private readonly rowBudget: RowBudget,
    private readonly recorder: PredictionRecorder,
    private readonly firstAnswers: FirstAnswers,
    private readonly shadowRuns: ShadowRuns,
    private readonly statistics: InferenceStatistics,
  ) {}

  /**
   * Predicts, records and answers. A request that fails at any stage leaves no record, costs no rows and keeps no
   * Idempotency-Key.
   * @throws INVALID_REQUEST with all faults; MODEL_NOT_FOUND and its kin; ROW_BUDGET_EXCEEDED; IDEMPOTENCY_KEY_REUSED;
   * RECORD_OVERLOADED and RECORD_UNAVAILABLE.
   */
  async predict(call: PredictionCall): Promise<PredictionOutcome> {
    const { state } = call;
    state.enter('validate');
    const preparing = this.prepare(call);
    const prepared = preparing instanceof Promise ? await preparing : preparing;
    state.leave();
    if ('earlier' in prepared) return replayOf(prepared.earlier);
    const answer = await this.computed(call, prepared, (scored) => this.record(call, prepared, scored));
    if (!answer) return replayOf(await this.answerOfWinner(prepared));
    return { answer, text: writeAnswer(answer, prepared.serving), replayed: false };
  }

  /**
   * Predicts and records rows that another protocol's route has read: limited, counted and recorded as those of `predict`.
   * @throws as `predict` but for what is Idempotency-Key's, and what `read` throws
   */
  async predictRows(call: RowsCall): Promise<RowsOutcome> {
    const { state, principal } = call;
    state.enter('validate');
    const entitlement = this.entitlements.peek(principal.userId) ?? (await this.entitlements.of(principal.userId));
    const asking = { subject: call.subject, userId: principal.userId };
    const serving = await this.models.serving(call.model, call.version, principal.role, asking);
    const { rows, inputs, subjects } = call.read(serving, Math.min(MAX_ROWS, entitlement.rowsPerRequest));
    state.leave();
    const { rowsPerDay } = entitlement;
    const outcome = await this.computed(call, { serving, rows, inputs, subjects, rowsPerDay }, async (scored) => {
      const record = recordOf(call, serving, { ...scored, inputs, subjects });
      await this.recorder.record(record, call.besides);
      return { id: record.id, serving, results: scored.results };
    });
    return outcome!;
  }

  /**
   * Scores rows and has them recorded, within the rows of the day; where nothing is recorded they are given back. Versions on trial
   * begin when it is.
   * @returns what `record` does
   */
  private async computed<Recorded extends { readonly id: string }>(
    { principal: { userId }, state }: RowsCall | PredictionCall,
    computable: Computable,
    record: (scored: ScoredRows) => Promise<Recorded | undefined>,
  ): Promise<Recorded | undefined> {
    const { serving, rows, rowsPerDay } = computable;
    const reserved = this.rowBudget.reserve(userId, rows.length, rowsPerDay);
    const reservation = reserved instanceof Promise ? await reserved : reserved;
    let recorded: Recorded | undefined;
    let results: PredictionResult[];
    try {
      state.enter('infer');
      const { values, width } = await serving.score(rows);
      results = resultsOf(serving, values, width);
      state.enter('record');
      recorded = await record({ scores: values, width, results });
    } catch (error) {
      this.statistics.failed(serving, state.leave() - state.receivedAtMs);
      throw error;
    } finally {
      if (!recorded) this.rowBudget.release(reservation);
    }
    const tookMs = state.leave() - state.receivedAtMs;
    if (!recorded) return undefined;
    this.statistics.succeeded(serving, rows.length, tookMs, state.timings);
    const shadows = this.models.shadowsOf(serving);
    if (shadows.length > 0) {
      const { inputs, subjects } = computable;
      const durationMs = state.timings.infer ?? 0;
      this.shadowRuns.begin({ id: recorded.id, serving, inputs, subjects, results, durationMs }, shadows);
    }
    return recorded;
  }

  /** At once when all it needs is at hand. */
  private prepare(call: PredictionCall): Preparation | Promise<Preparation> {
    const { userId } = call.principal;
    const entitlement = this.entitlements.peek(userId);
    if (!entitlement) return this.entitlements.of(userId).then((loaded) => this.prepareWithin(loaded, call));
    return this.prepareWithin(entitlement, call);
  }

  private prepareWithin(
    { rowsPerRequest, rowsPerDay }: Entitlement,
    call: PredictionCall,
  ): Preparation | Promise<Preparation> {
    const faults = new Faults();
    const request = parsePredictionRequest(call.body, Math.min(MAX_ROWS, rowsPerRequest), faults);
    const plain = call.idempotencyKey === undefined && request.version === undefined;
    const serving = plain ? this.models.peek(call.model, subjectOf(request), call.principal.userId) : undefined;
    return serving ? prepared(serving, request, faults, rowsPerDay) : this.find(call, request, faults, rowsPerDay);
  }

  /** The first answer, when this is a repeated request; else the version that was asked for. */
  private async find(
    call: PredictionCall,
    request: PredictionRequest,
    faults: Faults,
    rowsPerDay: number,
  ): Promise<Preparation> {
    // Looked for before the version is: the first answer holds whatever is active by now.
    const claim =
      call.idempotencyKey !== undefined && faults.none
        ? claimOf(call, call.idempotencyKey, request, faults)
        : undefined;
    const earlier = claim && (await this.firstAnswers.find(claim, request.form));
    if (earlier) return { earlier };
    const { principal } = call;
    const asking = { subject: subjectOf(request), userId: principal.userId };
    const serving = await this.models.serving(call.model, request.version, principal.role, asking);
    return prepared(serving, request, faults, rowsPerDay, claim);
  }

  /**
   * The answer, once it is committed; undefined when a request with the same Idempotency-Key was recorded meanwhile.
   */
  private async record(
    call: PredictionCall,
    { request, serving, inputs, claim }: Prepared,
    scored: ScoredRows,
  ): Promise<PredictionAnswer | undefined> {
    const record = recordOf(call, serving, { ...scored, inputs, subjects: request.subjects });
    if (!claim) await this.recorder.record(record);
    else if (!(await this.recorder.recordUnderKey(record, claim))) return undefined;
    return answerOf(request.form, answered(record), scored.results);
  }

  private async answerOfWinner({ claim, request }: Prepared): Promise<PredictionAnswer> {
    const answer = claim && (await this.firstAnswers.find(claim, request.form));
    if (!answer) throw new Error('an idempotency key was taken, but is not there');
    return answer;
  }
}

/** The one patient whom the request is about, by whom its share of the traffic is chosen; a request of several is its user's. */
function subjectOf({ subjects }: PredictionRequest): string | null {
  return subjects?.length === 1 ? (subjects[0] ?? null) : null;
}

function replayOf(answer: PredictionAnswer): PredictionOutcome {
  return { answer, text: JSON.stringify(answer), replayed: true };
}

/** @throws INVALID_REQUEST with all faults, those of the envelope included */
function prepared(
  serving: ServingVersion,
  request: PredictionRequest,
  faults: Faults,
  rowsPerDay: number,
  claim?: KeyClaim,
): Prepared {
  const { rows, inputs } = readObjectRows(serving, request.rows, (index) => rowPointer(request, index), faults);
  return { request, serving, rows, inputs, subjects: request.subjects, rowsPerDay, claim };
}

/** Undefined, with a fault, when the body nests too deeply to be a request. */
function claimOf(call: PredictionCall, key: string, request: PredictionRequest, faults: Faults): KeyClaim | undefined {
  const requestHash = fingerprint(call.model, call.body);
  if (requestHash === undefined) {
    faults.add(`/${request.form}`, 'is nested too deeply');
    return undefined;
  }
  return { userId: call.principal.userId, key, requestHash };
}

/** What of a record stands in its answer. */
function answered({ id, provenance, subjects }: PredictionRecord): Parameters<typeof answerOf>[1] {
  return { id, modelName: provenance.modelName, version: provenance.version, notice: provenance.notice, subjects };
}

function resultsOf(serving: ServingVersion, values: Float32Array, width: number): PredictionResult[] {
  if (values.length === width) return [serving.decode(values)];
  const results: PredictionResult[] = [];
  for (let from = 0; from < values.length; from += width)
    results.push(serving.decode(values.subarray(from, from + width)));
  return results;
}
