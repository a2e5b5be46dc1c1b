/** Sends the version. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { latido, LatidoProblem } from '../api/latido';
import type { ModelVersion } from '../api/models';
import { usePatientCall } from '../api/use-patient-call';
import { DOCUMENTS } from './documents';
import { readManifest } from './manifest-text';
import { textAt } from './pointers';
import type { Published } from './publishing';
import type { Draft } from './use-draft';

/** What the server had against a manifest. */
export interface Refused {
  readonly error: unknown;
  readonly text: string;
}

export interface Publication {
  readonly published: Published | undefined;
  readonly error: unknown;
  readonly refused: Refused | undefined;
  readonly isPending: boolean;
  readonly againAtMs: number | undefined;
  /** @returns faulty: the manifest has faults whose places are known; refused: something else, kept as `error` */
  publish(draft: Draft): Promise<'published' | 'faulty' | 'refused'>;
  reset(): void;
  cancel(): void;
}

export function usePublication(): Publication {
  const queryClient = useQueryClient();
  const [published, setPublished] = useState<Published>();
  const [refused, setRefused] = useState<Refused>();
  const call = usePatientCall(send);
  return {
    published,
    refused,
    error: call.error,
    isPending: call.isPending,
    againAtMs: call.againAtMs,
    reset: call.reset,
    cancel: call.cancel,
    publish: async (draft) => {
      setRefused(undefined);
      try {
        const answer = await call.run(draft);
        if (!answer) return 'refused';
        setPublished(answer);
        await queryClient.invalidateQueries({ queryKey: ['models'] });
        return 'published';
      } catch (error) {
        setRefused({ error, text: draft.text! });
        return isManifestFault(error) ? 'faulty' : 'refused'; // shown
      }
    },
  };
}

/** The other documents have places of their own, which say nothing about the manifest. */
export function isManifestFault(error: unknown): error is LatidoProblem {
  if (!(error instanceof LatidoProblem) || error.errors.length === 0) return false;
  if (error.code === 'MODEL_DOES_NOT_FIT') return true;
  return error.code === 'MANIFEST_INVALID' && !/^(golden|evaluation|examples|metrics)\b/.test(error.detail);
}

async function send({ artifact, text, documents }: Draft, signal: AbortSignal): Promise<Published> {
  const form = new FormData();
  form.set('manifest', new Blob([text!], { type: 'application/yaml' }), 'manifest.yaml');
  for (const name of DOCUMENTS) {
    const given = documents[name];
    if (given) form.set(name, given.file);
  }
  form.set('artifact', artifact!);
  const { data, response } = await latido.POST('/v1/models/{model}/versions', {
    params: { path: { model: textAt(readManifest(text!).manifest, ['name']) } },
    // The type knows a form's files by name; what is sent is the form.
    body: { artifact: artifact!.name },
    bodySerializer: () => form,
    signal,
  });
  return { version: data as ModelVersion, isNew: response.status === 201 };
}
