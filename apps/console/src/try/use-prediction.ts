/** Asks a model: what is answered, how long its parts took, and what is left of the plan. Waits out a limit by itself. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { latido, type Schemas } from '../api/latido';
import { usePatientCall, type PatientCall } from '../api/use-patient-call';
import type { TimePart } from '../parts/time-parts';
import { quotaLeftOf, timePartsOf, type QuotaLeft } from './answer-headers';
import type { PredictionRequest } from './code-samples';

export type Prediction = Schemas['PredictionDto'];
export type PredictionResult = Schemas['PredictionResultDto'];

export interface Answer {
  readonly request: PredictionRequest;
  readonly prediction: Prediction;
  readonly timeParts: readonly TimePart[];
  readonly quotaLeft: QuotaLeft | undefined;
}

interface Asked {
  readonly request: PredictionRequest;
  readonly idempotencyKey: string;
}

/** Unlike `crypto.randomUUID` there on pages without TLS too. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface PredictionCall extends Omit<PatientCall<Asked, Answer>, 'run'> {
  /** Undefined when it was given up, or refused: then `error` says why, and `refused` what was sent. */
  ask(request: PredictionRequest): Promise<Answer | undefined>;
  readonly refused: PredictionRequest | undefined;
}

export function usePrediction(model: string): PredictionCall {
  const queryClient = useQueryClient();
  const [refused, setRefused] = useState<PredictionRequest>();
  const { run, ...call } = usePatientCall(async ({ request, idempotencyKey }: Asked, signal): Promise<Answer> => {
    const { data, response } = await latido.POST('/v1/models/{model}/predictions', {
      params: { path: { model }, header: { 'Idempotency-Key': idempotencyKey } },
      body: request,
      signal,
    });
    // What is left of the plan, and the lists of what was asked.
    void queryClient.invalidateQueries({ queryKey: ['me'] });
    void queryClient.invalidateQueries({ queryKey: ['predictions'] });
    return {
      request,
      prediction: data as Prediction,
      timeParts: timePartsOf(response.headers),
      quotaLeft: quotaLeftOf(response.headers),
    };
  });
  return {
    ...call,
    refused,
    ask: async (request) => {
      setRefused(undefined);
      try {
        // The same key however often it is sent: a retry does not ask twice.
        return await run({ request, idempotencyKey: randomKey() });
      } catch {
        setRefused(request); // the refusal itself is kept as `error`
        return undefined;
      }
    },
  };
}
