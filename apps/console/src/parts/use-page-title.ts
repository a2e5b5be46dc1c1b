import { useEffect } from 'react';

/** What the browser's tab is called. */
export function usePageTitle(title: string): void {
  useEffect(() => void (document.title = `${title} · Latido`), [title]);
}
