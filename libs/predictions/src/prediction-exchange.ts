/**
 * Between HTTP and the domain on the hot path: what a request says, and which headers its answer bears. No pipes, no
 * interceptors.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, milliseconds, PARTS, type PartTimings } from '#platform';
import { predictionErrors } from './predictions.errors.js';
import type { PredictionOrigin } from './record/prediction-record.js';
import type { PredictionCall, PredictionOutcome } from './predictions.service.js';

export type PredictionHttpRequest = FastifyRequest<{ Params: { model: string } }>;

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** @throws IDEMPOTENCY_KEY_INVALID */
export function callOf(request: PredictionHttpRequest): PredictionCall {
  const { state, headers } = request;
  if (!state.principal || !state.admission)
    throw new Error('a prediction route was reached without authentication and quota');
  return {
    principal: state.principal,
    admission: state.admission,
    requestId: request.id,
    state,
    model: request.params.model,
    body: request.body,
    idempotencyKey: idempotencyKeyOf(headers['idempotency-key']),
  };
}

/** Who asks, by a request of which no more is read. */
export function originOf({ state, id }: FastifyRequest): PredictionOrigin {
  if (!state.principal || !state.admission)
    throw new Error('a prediction route was reached without authentication and quota');
  return { principal: state.principal, admission: state.admission, requestId: id };
}

function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && VISIBLE_ASCII.test(header)) return header;
  throw new DomainError(
    predictionErrors.IDEMPOTENCY_KEY_INVALID,
    'Idempotency-Key must be 1 to 255 visible ASCII characters.',
  );
}

/** Server-Timing (W3C): the milliseconds of each part, in the order they happened. */
export function serverTiming(timings: PartTimings): string {
  let text = '';
  for (const part of PARTS) {
    const ms = timings[part];
    if (ms !== undefined) text += `${text === '' ? '' : ', '}${part};dur=${milliseconds(ms)}`;
  }
  return text;
}

/** Answers with a recorded prediction. */
export function sendCreated(
  { state }: PredictionHttpRequest,
  reply: FastifyReply,
  { answer, text, replayed }: PredictionOutcome,
): void {
  void reply
    .code(201)
    .header('content-type', 'application/json; charset=utf-8')
    .header('location', `/v1/predictions/${answer.id}`)
    .header('server-timing', serverTiming(state.timings));
  if (replayed) void reply.header('idempotency-replayed', 'true');
  void reply.send(text);
}
