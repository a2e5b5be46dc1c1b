/** A call that waits out a limit: a 429 shows when it goes again, and it goes by itself. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { waitSecondsOf } from './query-client';
import { tellSessionEnd } from './session-end';

export interface PatientCall<Input, Output> {
  /** Resolves with the answer; undefined when the waiting was given up or another call came after it. @throws the refusal, also kept as `error` */
  run(input: Input): Promise<Output | undefined>;
  readonly data: Output | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  /** When it will be sent again, as `Date.now()` counts; undefined while nothing is waited for. */
  readonly againAtMs: number | undefined;
  /** Ends the waiting or the call. */
  cancel(): void;
  reset(): void;
}

interface State<Output> {
  readonly data?: Output;
  readonly error?: unknown;
  readonly isPending: boolean;
  readonly againAtMs?: number;
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason as Error)), { once: true });
  });
}

/** @param call sends the request; hands the signal on, so that it can be cancelled */
export function usePatientCall<Input, Output>(
  call: (input: Input, signal: AbortSignal) => Promise<Output>,
): PatientCall<Input, Output> {
  const [state, setState] = useState<State<Output>>({ isPending: false });
  const current = useRef<AbortController>(undefined);
  const latest = useRef(call);
  useEffect(() => void (latest.current = call));
  useEffect(() => () => current.current?.abort(), []);

  const run = useCallback(async (input: Input): Promise<Output | undefined> => {
    current.current?.abort();
    const own = (current.current = new AbortController());
    setState(({ data }) => ({ data, isPending: true }));
    for (;;) {
      try {
        const data = await latest.current(input, own.signal);
        if (own.signal.aborted) return undefined;
        setState({ data, isPending: false });
        return data;
      } catch (error) {
        if (own.signal.aborted) return undefined;
        const seconds = waitSecondsOf(error);
        if (seconds === undefined) {
          setState({ error, isPending: false });
          tellSessionEnd(error);
          throw error;
        }
        setState(({ data }) => ({ data, isPending: true, againAtMs: Date.now() + seconds * 1000 }));
        try {
          await pause(seconds, own.signal);
        } catch {
          return undefined; // cancelled while waiting
        }
        setState(({ data }) => ({ data, isPending: true }));
      }
    }
  }, []);

  const cancel = useCallback(() => {
    current.current?.abort();
    setState(({ data }) => ({ data, isPending: false }));
  }, []);
  const reset = useCallback(() => {
    current.current?.abort();
    setState({ isPending: false });
  }, []);
  return {
    run,
    cancel,
    reset,
    data: state.data,
    error: state.error,
    isPending: state.isPending,
    againAtMs: state.againAtMs,
  };
}
