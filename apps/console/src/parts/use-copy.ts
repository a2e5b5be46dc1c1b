/** Copies a text, and says for a moment whether it worked. */
import { useState } from 'react';

const SHOWN_MS = 2000;

export type Copied = 'idle' | 'copied' | 'failed';

export function useCopy(value: string): { readonly state: Copied; readonly copy: () => Promise<void> } {
  const [state, setState] = useState<Copied>('idle');
  const copy = async (): Promise<void> => {
    // The clipboard is there on https and localhost alone.
    const copied = await navigator.clipboard?.writeText(value).then(
      () => true,
      () => false,
    );
    setState(copied ? 'copied' : 'failed');
    setTimeout(() => setState('idle'), SHOWN_MS);
  };
  return { state, copy };
}
