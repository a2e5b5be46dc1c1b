/** A verification of the record while it runs: how far it is, and at last what was found. It ends with whoever watches it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { dataOf, latido, LatidoProblem, readEvents, type Schemas } from '../api/latido';
import { tellSessionEnd } from '../api/session-end';
import type { Verification, VerificationProgress } from './queries';

export interface VerificationRun {
  readonly state: 'idle' | 'running' | 'ended' | 'failed' | 'stopped';
  readonly progress: VerificationProgress | undefined;
  readonly result: Verification | undefined;
  readonly error: unknown;
  /** @param since ISO 8601: only what was sealed then or later; left out, everything */
  start(since?: string): void;
  stop(): void;
}

interface State {
  readonly state: VerificationRun['state'];
  readonly progress?: VerificationProgress;
  readonly result?: Verification;
  readonly error?: unknown;
}

/** The stream ended without saying how: the server stops, or something between cut it off. */
export class VerificationCutOff extends Error {}

function problemOf(data: string): LatidoProblem {
  const { status, code, detail, errors, requestId } = JSON.parse(data) as Schemas['ProblemDto'];
  return new LatidoProblem(status, code, detail, errors ?? [], requestId, undefined);
}

/** @throws the refusal, what `failed` said, VerificationCutOff */
async function verify(
  since: string | undefined,
  signal: AbortSignal,
  onProgress: (progress: VerificationProgress) => void,
): Promise<Verification> {
  const stream: ReadableStream<Uint8Array> | null = await dataOf(
    latido.POST('/v1/audit/verify', {
      body: since === undefined ? {} : { since },
      headers: { accept: 'text/event-stream' },
      parseAs: 'stream',
      signal,
    }),
  );
  if (stream) {
    for await (const { event, data } of readEvents(stream)) {
      if (event === 'progress') onProgress(JSON.parse(data) as VerificationProgress);
      if (event === 'ended') return JSON.parse(data) as Verification;
      if (event === 'failed') throw problemOf(data);
    }
  }
  throw new VerificationCutOff('The verification was cut off.');
}

export function useVerification(): VerificationRun {
  const [state, setState] = useState<State>({ state: 'idle' });
  const current = useRef<AbortController>(undefined);
  useEffect(() => () => current.current?.abort(), []);

  const start = useCallback((since?: string) => {
    current.current?.abort();
    const own = (current.current = new AbortController());
    const unlessStopped = (next: State): void => {
      if (!own.signal.aborted) setState(next);
    };
    setState({ state: 'running' });
    verify(since, own.signal, (progress) => unlessStopped({ state: 'running', progress })).then(
      (result) => unlessStopped({ state: 'ended', result }),
      (error: unknown) => {
        unlessStopped({ state: 'failed', error });
        tellSessionEnd(error);
      },
    );
  }, []);
  const stop = useCallback(() => {
    current.current?.abort();
    setState({ state: 'stopped' });
  }, []);
  const { progress, result, error } = state;
  return { state: state.state, progress, result, error, start, stop };
}
